"""How long evidence lets a release in: its own age counts, its key's time, and nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import PROVENANCE, VALIDATION, statement_about
from turnpike.judge.decide import decide
from turnpike.judge.decision import Decision
from turnpike.judge.facts import EarlierRelease, Facts
from turnpike.judge.policy_input import Answer, Denial, EvidenceInput, SubjectAnswer
from turnpike.judge.queries import plan_queries
from turnpike.topology.key import Key
from unit.judge.deployed import PATH, RELEASE, released
from unit.judge.examples import ARTIFACT, NOW, RULES, RoleKey, model, object_id, run_of

VALIDATOR, REGISTRAR = RoleKey("validator"), RoleKey("registrar")


def validation(finished_at: datetime) -> Envelope:
    view = model().validation_view()
    assert view is not None
    return VALIDATOR.state(VALIDATION, run_of(view, finished_at))


PROVEN = REGISTRAR.sign(statement_about("oncology/triage", ARTIFACT, PROVENANCE, {}))


def facts(days: dict[str, int], key: Key = VALIDATOR.public, finished_at: datetime = NOW) -> Facts:
    """Return a release into dev, which lets evidence in for that many days by risk tier."""
    plain = released()
    dev = plain.base.environments["dev"].model_copy(update={"evidence_days": days})
    base = plain.base.model_copy(update={"environments": {"dev": dev}})
    update = {
        "base": base,
        "keys": (key, REGISTRAR.public),
        "evidence": (validation(finished_at), PROVEN),
    }
    return plain.model_copy(update=update)


def seen(facts: Facts) -> dict[str, EvidenceInput]:
    """Return what the rules see of the deployment's evidence, by its run."""
    (query,) = [q for q in plan_queries(facts) if q.subject.kind == "deployment"]
    return {one.run: one for one in query.evidence}


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        ({}, VALIDATOR.public.valid_until),
        ({"low": 1}, VALIDATOR.public.valid_until),
        ({"high": 90}, NOW + timedelta(days=90)),
        ({"high": 4000}, VALIDATOR.public.valid_until),
    ],
)
def test_a_run_expires_by_its_tier_or_with_its_key(days: dict[str, int], ends: datetime) -> None:
    assert seen(facts(days))["platform"].expires_at == ends


def test_what_is_no_finding_expires_with_its_key_only() -> None:
    proven = seen(facts({"high": 1}))["none"]
    assert (proven.finished_at, proven.expires_at) == (None, REGISTRAR.public.valid_until)


def test_a_key_whose_time_is_over_says_what_it_said_and_that_it_has_expired() -> None:
    over = VALIDATOR.public.model_copy(update={"valid_until": NOW - timedelta(hours=1)})
    assert seen(facts({}, over))["platform"].expires_at == over.valid_until


@pytest.mark.parametrize("revoked", [timedelta(hours=-2), timedelta(minutes=-1)])
def test_a_revoked_key_says_nothing_even_when_its_time_is_over_too(revoked: timedelta) -> None:
    over = VALIDATOR.public.model_copy(
        update={"valid_until": NOW - timedelta(hours=1), "revoked_at": NOW + revoked}
    )
    assert "platform" not in seen(facts({}, over))


def test_a_bad_signature_of_a_lapsed_key_says_nothing() -> None:
    over = VALIDATOR.public.model_copy(
        update={
            "valid_until": NOW - timedelta(hours=1),
            "public": RoleKey("validator").public.public,
        }
    )
    assert "platform" not in seen(facts({}, over))


def test_a_model_is_told_nothing_of_age_and_hears_no_lapsed_key() -> None:
    over = VALIDATOR.public.model_copy(update={"valid_until": NOW - timedelta(hours=1)})
    from unit.judge.examples import model_facts

    admitting = model_facts().model_copy(
        update={"keys": (over, REGISTRAR.public), "evidence": (validation(NOW), PROVEN)}
    )
    (query,) = [q for q in plan_queries(admitting) if q.subject.kind == "model"]
    assert [one.run for one in query.evidence] == ["none"]
    assert query.evidence[0].expires_at is None


def test_a_decision_holds_no_longer_than_the_evidence() -> None:
    soon = facts({"high": 1}, finished_at=NOW - timedelta(days=1) + timedelta(minutes=3))
    assert decided(soon).valid_until == NOW + timedelta(minutes=3)


# --- on the way back ------------------------------------------------------------------------------

EXPIRED = Denial(
    code="release-evidence-expired",
    message="old",
    expected="new",
    actual="old",
    solution="validate",
    remedies=(),
    yields_to=("rollback",),
)


def decided(facts: Facts, *denials: Denial) -> Decision:
    results = tuple(
        SubjectAnswer(rules=RULES, denials=denials if q.subject.kind == "deployment" else ())
        for q in plan_queries(facts)
    )
    return decide(facts, Answer(results=results))


def back(facts: Facts) -> Facts:
    """Return the same change where the same bytes stood there before, and others stand now."""
    stood = EarlierRelease(path=PATH, commit=object_id("once"), release=RELEASE)
    newer = RELEASE.model_copy(update={"version": "2", "artifact": digest_of(b"newer bytes")})
    base = facts.base.model_copy(update={"releases": {**facts.base.releases, PATH: newer}})
    return facts.model_copy(update={"base": base, "earlier": (stood,)})


def codes(decision: Decision) -> set[str]:
    return {finding.code for finding in decision.findings}


def test_expired_evidence_stops_the_way_forward_and_not_the_way_back() -> None:
    forward, backward = decided(facts({}), EXPIRED), decided(back(facts({})), EXPIRED)
    assert "release-evidence-expired" in codes(forward)
    assert forward.waived == ()
    assert "release-evidence-expired" not in codes(backward)
    (waived,) = backward.waived
    assert (waived.waiver, waived.approver) == ("rollback", "maria")


def test_the_way_back_to_expired_evidence_leaves_a_debt() -> None:
    from turnpike.judge.emergencies import debts_of

    change = back(facts({}))
    (debt,) = debts_of(change, decided(change, EXPIRED).waived)
    assert (debt.team, debt.deployment, debt.author, debt.commander) == (
        "oncology", "dev/local/oncology/triage", "maria", "",
    )  # fmt: skip
    assert debt.incident == f"triage-1-evidence-{NOW:%Y-%m-%d}"
    assert debt.due == NOW + timedelta(hours=72)


def test_what_does_not_yield_to_a_rollback_stops_it() -> None:
    firm = EXPIRED.model_copy(update={"yields_to": ("waiver", "emergency")})
    assert "release-evidence-expired" in codes(decided(back(facts({})), firm))
