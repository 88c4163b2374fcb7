"""Facts are weighed once, and "what if" is asked of what was weighed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from turnpike.evidence.statement import PROVENANCE
from turnpike.judge.decide import conclude, decide
from turnpike.judge.decision import Decision
from turnpike.judge.facts import ProposedPolicies
from turnpike.judge.policy_input import Answer, SubjectAnswer
from turnpike.judge.queries import after_people, plan_queries, queries_about
from turnpike.judge.situation import Situation, situation_of, with_people
from turnpike.judge.supposed_people import with_approvals, with_pusher, without_objection
from unit.judge.examples import (
    ARTIFACT,
    RULES,
    RoleKey,
    added,
    model_facts,
    review,
    statement,
    with_changes,
)

POLICY = with_changes(model_facts(), added("policies/data/tiers.yaml"))


def concluded(situation: Situation) -> Decision:
    return conclude(situation, queries_about(situation), Answer(results=()))


def test_what_is_weighed_once_is_decided_as_from_the_facts() -> None:
    facts = model_facts(review("tom"))
    situation = situation_of(facts)
    queries = queries_about(situation)
    answer = Answer(results=(SubjectAnswer(rules=RULES, denials=()),) * len(queries))
    assert queries == plan_queries(facts)
    assert conclude(situation, queries, answer) == decide(facts, answer)


def test_an_approval_that_is_only_supposed_flips_the_decision() -> None:
    situation = situation_of(POLICY)
    assert concluded(situation).verdict == "deny"
    given = tuple(
        one.model_copy(update={"approved_by": ("sam", "ida")}) for one in situation.requirements
    )
    assert concluded(replace(situation, requirements=given)).verdict == "allow"


def test_no_supposed_approval_takes_away_what_stands_against_the_change() -> None:
    broken = ProposedPolicies(digest=ARTIFACT, problems=("a.rego:3: }",))
    situation = situation_of(POLICY.model_copy(update={"proposed_policies": broken}))
    decision = concluded(replace(situation, requirements=()))
    assert [finding.code for finding in decision.findings] == ["policy.broken"]


def test_only_what_people_say_is_weighed_again() -> None:
    for facts in (model_facts(review("tom")), model_facts(), POLICY):
        situation = situation_of(facts)
        for said in (
            with_approvals(facts, ("nora", "sam")),
            without_objection(facts, "tom"),
            with_pusher(facts),
        ):
            again = with_people(situation, said)
            assert again == situation_of(said)
            queries = queries_about(situation)
            assert after_people(queries, again) == queries_about(again)


def test_no_signature_is_checked_twice_for_the_same_offer() -> None:
    offered = RoleKey("registrar").sign(statement(PROVENANCE, {}))
    facts = model_facts(review("tom")).model_copy(update={"evidence": (offered,)})
    situation = situation_of(facts)
    fewer = facts.model_copy(update={"changes": facts.changes[:1]})
    assert situation_of(fewer, situation).hearing is situation.hearing
    assert situation_of(fewer, situation) == situation_of(fewer)
    later = facts.model_copy(update={"clock": facts.clock + timedelta(days=1)})
    assert situation_of(later, situation).hearing is not situation.hearing
    unheard = facts.model_copy(update={"evidence": ()})
    assert situation_of(unheard, situation).hearing is not situation.hearing
