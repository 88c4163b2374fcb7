"""A debt is paid once the evidence of what an exception left standing is complete."""

from __future__ import annotations

from datetime import timedelta

import pytest

from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import Check, ScanResult
from turnpike.evidence.statement import SCAN, VALIDATION
from turnpike.judge.emergencies import debt_findings
from turnpike.judge.facts import Facts
from turnpike.judge.owed_evidence import ends_of_owed_evidence, evidence_owed
from turnpike.judge.testimony import hear
from turnpike.manifest.model import Revalidation
from unit.judge.deployed import BLOB, RELEASE
from unit.judge.examples import NOW, RoleKey, added, model, model_facts, run_of
from unit.judge.test_emergencies import PRODUCTION, SETTLEMENT, owing, settling

VALIDATOR = RoleKey("validator")
DAY = timedelta(days=1)
VIEW = model().validation_view()


def scan(age: timedelta, *, passed: bool = True) -> Envelope:
    assert VIEW is not None
    checks = (Check(name="no-code", passed=passed, expected="none", actual="as it was"),)
    return VALIDATOR.state(
        SCAN, ScanResult(validation_view=VIEW, checks=checks, finished_at=NOW - age)
    )


def run(age: timedelta, *, passed: bool = True) -> Envelope:
    assert VIEW is not None
    check = Check(name="latency", passed=passed, expected="fast", actual="as it was")
    return VALIDATOR.state(VALIDATION, run_of(VIEW, NOW - age, check))


def paying(*said: Envelope, days: int = 30, stands: bool = True, readable: bool = True) -> Facts:
    """Return the settlement of an emergency in production, about which validators said that."""
    facts = settling(SETTLEMENT)
    production = facts.base.environments["production"]
    aged = production.model_copy(update={"evidence_days": {"high": days}})
    base = facts.base.model_copy(
        update={
            "environments": {**facts.base.environments, "production": aged},
            "releases": {PRODUCTION: RELEASE} if stands else {},
        }
    )
    blobs = {BLOB: model()} if readable else {}
    return facts.model_copy(
        update={
            "base": base,
            "head": facts.head.model_copy(update={"model_blobs": blobs}),
            "keys": (*facts.keys, VALIDATOR.public),
            "evidence": said,
            "recorded": tuple(sorted(one.digest() for one in said)),
        }
    )


def lacks(facts: Facts) -> list[str]:
    found = list(evidence_owed(facts, hear(facts)))
    assert {one.code for one in found} <= {"settlement.evidence-incomplete"}
    assert all("turnpike revalidate oncology/triage" in one.solution for one in found)
    return [one.actual for one in found]


def test_evidence_that_counts_is_complete_until_it_ends() -> None:
    facts = paying(scan(DAY), run(2 * DAY))
    assert lacks(facts) == []
    assert list(ends_of_owed_evidence(facts, hear(facts))) == [NOW + 28 * DAY]


@pytest.mark.parametrize(
    ("said", "lack"),
    [
        ((), "none for one of them"),
        ((scan(DAY),), "none for one of them"),
        ((scan(DAY), run(30 * DAY)), f"expired at {NOW.isoformat()}"),
        ((scan(2 * DAY), run(2 * DAY), run(DAY, passed=False)), "a later run or scan that failed"),
    ],
)
def test_evidence_that_an_exception_went_past_stays_owed(
    said: tuple[Envelope, ...], lack: str
) -> None:
    assert lacks(paying(*said)) == [lack]


def test_a_clean_run_of_the_same_validator_makes_it_good() -> None:
    again = (scan(DAY), run(3 * DAY), run(2 * DAY, passed=False), run(DAY))
    assert lacks(paying(*again)) == []


def test_a_manifest_that_nobody_can_read_proves_nothing() -> None:
    assert lacks(paying(scan(DAY), run(DAY), readable=False)) == ["none for one of them"]


def test_where_nothing_stands_any_more_nothing_is_owed() -> None:
    assert lacks(paying(stands=False)) == []


def test_another_incident_of_the_team_is_not_asked_about() -> None:
    other = SETTLEMENT.model_copy(update={"incident": "INC-10"})
    facts = paying()
    head = facts.head.model_copy(update={"settlements": {"inc-9": other}})
    assert lacks(facts.model_copy(update={"head": head})) == []


def test_a_request_for_new_evidence_is_no_ordinary_change() -> None:
    path = "models/oncology/triage/model.yaml"
    asked = Revalidation(requested_at=NOW, reason="the evidence has expired")

    def codes(**update: object) -> list[str]:
        facts = owing(model_facts(), timedelta(0))
        before, after = model(), model().model_copy(update=update)
        documents = facts.head.model_copy(update={"models": {path: after}})
        base = facts.base.model_copy(update={"models": {path: before}})
        changed = {"changes": (added(path),), "head": documents, "base": base}
        return [one.code for one in debt_findings(facts.model_copy(update=changed), "model")]

    assert codes(revalidation=asked) == []
    assert codes(revalidation=asked, description="another") == ["debt.unpaid"]
    assert codes(description="another") == ["debt.unpaid"]
