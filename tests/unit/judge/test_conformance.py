"""What schemas have against manifests is a finding; manifests that nobody checked are a doubt."""

from __future__ import annotations

from turnpike.judge.conformance import nonconforming, objects_to_check, unchecked
from turnpike.judge.decide import decide
from turnpike.judge.facts import Facts, ManifestProblem
from turnpike.judge.policy_input import Answer, SubjectAnswer
from turnpike.judge.queries import plan_queries
from unit.judge.deployed import FACTS, MANIFESTS, PATH, standing
from unit.judge.examples import RULES, added, deleted, model_facts, with_changes

PROBLEM = ManifestProblem(path=MANIFESTS, problem="v1/Service triage: $.spec: no")


def unread(facts: Facts) -> Facts:
    tools = facts.tools.model_copy(update={"schemas": None})
    return facts.model_copy(update={"tools": tools})


def allowing(facts: Facts) -> Answer:
    result = SubjectAnswer(rules=RULES, denials=())
    return Answer(results=(result,) * len(plan_queries(facts)))


def test_the_objects_of_a_changed_manifests_file_are_to_be_checked() -> None:
    (path,) = objects_to_check(FACTS)
    assert path == MANIFESTS
    assert "InferenceService" in {one["kind"] for one in objects_to_check(FACTS)[path]}


def test_other_changes_have_nothing_to_check() -> None:
    mixed = with_changes(FACTS, *FACTS.changes, added("policies/a.rego"))
    gone = standing(deleted(PATH), deleted(MANIFESTS))
    for facts in (model_facts(), mixed, gone):
        assert dict(objects_to_check(facts)) == {}
        assert unchecked(unread(facts), "model") == ()
    assert unchecked(unread(gone), "release") == ()


def test_manifests_that_nothing_was_held_against_leave_the_change_undecided() -> None:
    facts = unread(FACTS)
    assert [one.subject for one in unchecked(facts, "release")] == [MANIFESTS]
    assert decide(FACTS, allowing(FACTS)).verdict == "allow"
    assert decide(facts, allowing(facts)).verdict == "undecided"


def test_what_a_cluster_would_refuse_denies() -> None:
    facts = FACTS.model_copy(update={"manifest_problems": (PROBLEM,)})
    (finding,) = nonconforming(facts)
    assert (finding.subject, finding.actual) == (MANIFESTS, PROBLEM.problem)
    assert decide(facts, allowing(facts)).verdict == "deny"
