"""A waiver takes away what yields to it, for its subject and its time, and is told of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from turnpike.judge.decide import conclude
from turnpike.judge.decision import Decision
from turnpike.judge.facts import Documents, Facts
from turnpike.judge.policy_input import Answer, Denial, PolicyInput, SubjectAnswer
from turnpike.judge.queries import queries_about
from turnpike.judge.requirements import requirements_of
from turnpike.judge.situation import situation_of
from turnpike.judge.waivers import waiver_findings
from turnpike.topology.waiver import Waiver
from unit.judge.examples import NOW, RULES, added, base_documents, model_facts, review

PATH = "policies/waivers/no-slo.yaml"
WAIVER = Waiver(
    api_version="turnpike.dev/v1",
    kind="Waiver",
    name="no-slo",
    code="slo-missing",
    subject="oncology/triage",
    reason="the promise is being measured",
    approver="nora",
    expires_at=NOW + timedelta(days=30),
)
APPROVED = (review("tom"), review("nora"))


def denied(*yields_to: str) -> Denial:
    return Denial.model_validate(
        {
            "code": "slo-missing",
            "message": "there is none",
            "expected": "one",
            "actual": "none",
            "solution": "add one",
            "yieldsTo": yields_to,
        }
    )


def decided(waiver: Waiver | None, *yields_to: str, facts: Facts | None = None) -> Decision:
    plain = facts or model_facts(*APPROVED)
    waivers = {waiver.name: waiver} if waiver else {}
    facts = plain.model_copy(update={"base": plain.base.model_copy(update={"waivers": waivers})})
    situation = situation_of(facts)
    queries = queries_about(situation)
    answer = Answer(results=tuple(_answer(query, yields_to) for query in queries))
    return conclude(situation, queries, answer)


def _answer(query: PolicyInput, yields_to: tuple[str, ...]) -> SubjectAnswer:
    denials = (denied(*yields_to),) if query.subject.kind == "model" else ()
    return SubjectAnswer(rules=RULES, denials=denials)


def codes(decision: Decision) -> list[str]:
    return [finding.code for finding in decision.findings]


def test_what_yields_is_taken_away_and_told_with_who_answers_for_it() -> None:
    decision = decided(WAIVER, "waiver")
    assert (decision.verdict, codes(decision)) == ("allow", [])
    (told,) = decision.waived
    assert (told.code, told.subject, told.waiver) == ("slo-missing", "oncology/triage", "no-slo")
    assert (told.approver, told.reason) == ("nora", "the promise is being measured")


def test_a_rule_that_does_not_say_so_yields_to_nothing() -> None:
    for yields_to in ((), ("emergency",)):
        decision = decided(WAIVER, *yields_to)
        assert (codes(decision), decision.waived) == (["slo-missing"], ())


@pytest.mark.parametrize(
    "update",
    [
        {"code": "card-missing"},
        {"subject": "oncology/other"},
        {"expires_at": NOW},
        {"expires_at": NOW - timedelta(seconds=1)},
    ],
)
def test_a_waiver_of_something_else_or_of_another_time_takes_nothing_away(
    update: dict[str, object],
) -> None:
    assert codes(decided(WAIVER.model_copy(update=update), "waiver")) == ["slo-missing"]


def test_a_decision_holds_no_longer_than_the_waiver_that_it_rests_on() -> None:
    soon = NOW + timedelta(minutes=3)
    decision = decided(WAIVER.model_copy(update={"expires_at": soon}), "waiver")
    assert decision.valid_until == soon


def brought(waiver: Waiver, path: str = PATH) -> Facts:
    plain = model_facts(*APPROVED)
    tools = plain.tools.model_copy(update={"waivable": ("slo-missing", "soak-incomplete")})
    return plain.model_copy(
        update={
            "tools": tools,
            "changes": (added(path),),
            "head": Documents(waivers={"no-slo": waiver}),
        }
    )


def test_a_waiver_needs_the_risk_group_and_the_platform_owners() -> None:
    groups = {one.group for one in requirements_of(brought(WAIVER), "waiver")}
    assert {"risk-quorum", "platform-owners"} <= groups


@pytest.mark.parametrize(
    ("update", "code"),
    [
        ({}, None),
        ({"approver": "ida"}, "waiver.unapproved"),
        ({"expires_at": NOW}, "waiver.expired"),
        ({"name": "other"}, "document.path-and-name-disagree"),
        ({"code": "slo-mising"}, "waiver.unknown-code"),
        ({"code": "digest-mismatch"}, "waiver.unknown-code"),
        ({"code": "soak-incomplete"}, None),
        ({"subject": "nobody/triage"}, "waiver.unknown-subject"),
        ({"subject": "moon/local/oncology/triage"}, "waiver.unknown-subject"),
        ({"subject": "production/oncology/triage"}, "waiver.unknown-subject"),
        ({"subject": "terraform/environments/moon/aws"}, "waiver.unknown-subject"),
        ({"subject": "production/local/oncology/triage"}, None),
        ({"subject": "terraform/environments/production/aws"}, None),
    ],
)
def test_a_waiver_names_who_approves_it_and_ends_later(
    update: dict[str, object], code: str | None
) -> None:
    facts = brought(WAIVER.model_copy(update=update))
    found = [one.code for one in waiver_findings(facts, frozenset({"tom", "nora"}))]
    assert found == ([code] if code else [])


def test_a_code_that_excuses_nothing_is_told_with_those_that_would() -> None:
    facts = brought(WAIVER.model_copy(update={"code": "slo-mising"}))
    (found,) = waiver_findings(facts, frozenset({"nora"}))
    assert (found.subject, found.actual) == (PATH, "slo-mising")
    assert found.expected == "code: one that yields to a waiver: slo-missing, soak-incomplete"


def test_a_waiver_that_stands_already_is_not_asked_again() -> None:
    """A rule that is renamed blocks nothing else: what stands on main is nobody's change."""
    facts = brought(WAIVER.model_copy(update={"code": "renamed-since"}), "docs/other.md")
    assert list(waiver_findings(facts, frozenset())) == []


def test_a_waiver_of_the_change_itself_excuses_nothing_yet() -> None:
    """The base judges the head: what a change brings counts once it is on main."""
    plain = model_facts(*APPROVED)
    head = plain.head.model_copy(update={"waivers": {"no-slo": WAIVER}})
    decision = decided(None, "waiver", facts=plain.model_copy(update={"head": head}))
    assert codes(decision) == ["slo-missing"]
    assert base_documents().waivers == {}
