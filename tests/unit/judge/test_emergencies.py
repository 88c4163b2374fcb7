"""An emergency goes in on its commander's word, and leaves a debt that two others pay."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from turnpike.judge.decision import Debt
from turnpike.judge.emergencies import (
    debt_findings,
    debts_of,
    emergency_findings,
    settlement_findings,
    unpaid_debts,
)
from turnpike.judge.facts import Documents, Facts
from turnpike.judge.requirements import requirements_of
from turnpike.judge.validity import valid_until
from turnpike.manifest.release import Emergency, Release
from turnpike.record.statements import statement_of_decision
from turnpike.topology.organisation import BreakGlass
from turnpike.topology.settlement import Settlement
from unit.judge.deployed import KEY, RELEASE, released
from unit.judge.examples import (
    NOW,
    RoleKey,
    added,
    model_facts,
    organisation,
    pull_request,
    review,
)

GATE = RoleKey("gate")
PRODUCTION = KEY.path("release.yaml").replace("/dev/", "/production/")
EMERGENCY = Emergency(
    reason="the live version answers nonsense",
    incident="INC-9",
    commander="sam",
    expires_at=NOW + timedelta(hours=4),
)
SETTLEMENT = Settlement(
    api_version="turnpike.dev/v1",
    kind="Settlement",
    name="inc-9",
    team="oncology",
    incident="INC-9",
    review="It was right, and is covered by a test now.",
)


def arranged(facts: Facts, glass: BreakGlass | None, **base: object) -> Facts:
    company = organisation().model_copy(update={"break_glass": glass})
    documents = facts.base.model_copy(update={"organisation": company, **base})
    return facts.model_copy(update={"base": documents})


GLASS = BreakGlass(commanders="platform-owners", longest_hours=24, debt_hours=72)


def urgent(emergency: Emergency | None = EMERGENCY, *approved_by: str) -> Facts:
    release: Release = RELEASE.model_copy(
        update={"emergency": emergency, "promoted_from": "staging"}
    )
    facts = released(PRODUCTION, release)
    request = pull_request(*(review(name) for name in approved_by))
    return arranged(facts.model_copy(update={"pull_request": request}), GLASS)


def missing(facts: Facts) -> list[str]:
    return [one.group for one in requirements_of(facts, "release") if not one.is_met]


def test_the_commander_speaks_in_place_of_the_environments_groups() -> None:
    assert missing(urgent(None)) == ["release-managers"]
    assert missing(urgent()) == ["platform-owners"]
    assert missing(urgent(EMERGENCY, "sam")) == []


def test_another_member_of_the_commanders_group_is_not_the_one_who_was_named() -> None:
    assert missing(urgent(EMERGENCY, "ida")) == ["platform-owners"]


@pytest.mark.parametrize(
    ("update", "code"),
    [
        ({}, None),
        ({"commander": "maria"}, "emergency.unknown-commander"),
        ({"expires_at": NOW}, "emergency.expired"),
        ({"expires_at": NOW + timedelta(hours=25)}, "emergency.expired"),
    ],
)
def test_an_emergency_names_a_commander_and_ends_soon(
    update: dict[str, object], code: str | None
) -> None:
    found = [one.code for one in emergency_findings(urgent(EMERGENCY.model_copy(update=update)))]
    assert found == ([code] if code else [])


def test_an_incident_that_is_settled_already_pays_for_no_further_emergency() -> None:
    def codes(settlement: Settlement) -> list[str]:
        base = urgent().base.model_copy(update={"settlements": {"inc-9": settlement}})
        facts = urgent().model_copy(update={"base": base})
        return [one.code for one in emergency_findings(facts)]

    assert codes(SETTLEMENT) == ["emergency.incident-settled"]
    assert codes(SETTLEMENT.model_copy(update={"team": "radiology"})) == []
    assert codes(SETTLEMENT.model_copy(update={"incident": "INC-8"})) == []


def test_without_arrangements_there_is_no_glass_to_break() -> None:
    facts = arranged(urgent(), None)
    assert [one.code for one in emergency_findings(facts)] == ["emergency.not-arranged"]
    assert debts_of(facts, ()) == ()


def test_an_emergency_owes_a_review_by_others_than_its_author_and_commander() -> None:
    (debt,) = debts_of(urgent(), ())
    assert (debt.team, debt.incident, debt.commander, debt.author) == (
        "oncology", "INC-9", "sam", "maria",
    )  # fmt: skip
    assert debt.due == NOW + timedelta(hours=72)
    assert debts_of(urgent(None), ()) == ()


def owing(
    facts: Facts,
    due: timedelta,
    *settled: Settlement,
    decided_at: datetime | None = None,
    place: str = "",
) -> Facts:
    """Return the facts of a team that an earlier emergency left a debt to."""
    from turnpike.judge.decide import decide
    from turnpike.judge.policy_input import Answer

    (debt,) = debts_of(urgent(), ())
    late = debt.model_copy(update={"due": NOW + due, "deployment": place or debt.deployment})
    plain = decide(facts, Answer(results=()))
    decision = plain.model_copy(update={"verdict": "allow", "debts": (late,), "findings": ()})
    if decided_at is not None:
        decision = decision.model_copy(update={"decided_at": decided_at})
    envelope = GATE.sign(statement_of_decision(decision))
    settlements = {one.name: one for one in settled}
    indebted = facts.model_copy(update={"debts": (envelope,), "keys": (GATE.public,)})
    return arranged(indebted, GLASS, settlements=settlements)


def test_an_overdue_debt_blocks_the_teams_ordinary_changes() -> None:
    facts = owing(model_facts(), timedelta(0))
    (found,) = debt_findings(facts, "model")
    assert (found.code, found.subject) == ("debt.unpaid", "oncology")
    assert [one.code for one in debt_findings(owing(urgent(None), timedelta(0)), "release")] == [
        "debt.unpaid"
    ]


def test_an_incident_that_is_overdue_is_told_once_with_every_place() -> None:
    facts = owing(model_facts(), timedelta(0))
    (debt,) = unpaid_debts(facts)
    elsewhere = debt.model_copy(update={"deployment": "production/gcp/oncology/triage"})
    more = owing(model_facts(), timedelta(0), place=elsewhere.deployment)
    both = facts.model_copy(update={"debts": (*facts.debts, *more.debts)})
    (found,) = debt_findings(both, "model")
    assert debt.deployment in found.message
    assert elsewhere.deployment in found.message
    assert "turnpike emergency settle INC-9 --team oncology" in found.solution


def test_a_debt_that_is_not_due_blocks_nothing_and_bounds_the_decision() -> None:
    facts = owing(model_facts(), timedelta(minutes=2))
    assert list(debt_findings(facts, "model")) == []
    assert valid_until(facts, ()) == NOW + timedelta(minutes=2)


def test_a_settlement_on_main_pays() -> None:
    facts = owing(model_facts(), timedelta(0), SETTLEMENT)
    assert (list(debt_findings(facts, "model")), unpaid_debts(facts)) == ([], ())
    other = SETTLEMENT.model_copy(update={"incident": "INC-10"})
    assert list(debt_findings(owing(model_facts(), timedelta(0), other), "model"))


def test_a_debt_traps_nobody_in_the_next_emergency() -> None:
    assert list(debt_findings(owing(urgent(), timedelta(0)), "release")) == []


def test_a_decision_that_no_gate_signed_leaves_no_debt() -> None:
    facts = owing(model_facts(), timedelta(0))
    assert unpaid_debts(facts.model_copy(update={"keys": ()})) == ()


def settling(
    settlement: Settlement, *approved_by: str, decided_at: datetime | None = None
) -> Facts:
    decided = decided_at or NOW - timedelta(hours=1)
    facts = owing(model_facts(), timedelta(hours=1), decided_at=decided)
    request = pull_request(*(review(name) for name in approved_by))
    return facts.model_copy(
        update={
            "changes": (added("environments/debts/inc-9.yaml"),),
            "head": Documents(settlements={"inc-9": settlement}),
            "pull_request": request,
        }
    )


def unmet(facts: Facts) -> list[tuple[str, int, int]]:
    return [
        (one.group, one.count, len(one.approved_by))
        for one in requirements_of(facts, "settlement")
        if not one.is_met
    ]


def test_two_others_review_it_and_those_who_were_passed_over_agree() -> None:
    reviewers = "platform-owners or release-managers or risk-quorum"
    assert unmet(settling(SETTLEMENT)) == [(reviewers, 2, 0), ("release-managers", 1, 0)]
    assert unmet(settling(SETTLEMENT, "nora", "grace")) == []
    assert unmet(settling(SETTLEMENT, "sam", "grace")) == [(reviewers, 2, 1)]


def test_whoever_reviewed_before_an_emergency_has_not_reviewed_it() -> None:
    (said,) = settling(SETTLEMENT, "nora").pull_request.reviews  # type: ignore[union-attr]
    before, after = said.at, said.at + timedelta(seconds=1)
    assert unmet(settling(SETTLEMENT, "nora", "grace", decided_at=before)) == []
    assert len(unmet(settling(SETTLEMENT, "nora", "grace", decided_at=after))) == 2


@pytest.mark.parametrize(
    ("update", "code"),
    [
        ({}, None),
        ({"incident": "INC-10"}, "settlement.unknown-debt"),
        ({"name": "other"}, "document.path-and-name-disagree"),
    ],
)
def test_a_settlement_pays_a_debt_that_there_is(
    update: dict[str, object], code: str | None
) -> None:
    found = settlement_findings(settling(SETTLEMENT.model_copy(update=update)))
    assert [one.code for one in found] == ([code] if code else [])


def test_debts_are_plain_facts() -> None:
    (debt,) = debts_of(urgent(), ())
    assert Debt.model_validate_json(debt.model_dump_json(by_alias=True)) == debt
