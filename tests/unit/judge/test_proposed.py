"""What proposed policies make of the past is told to those who approve, and decides nothing."""

from __future__ import annotations

from turnpike.judge.decide import decide
from turnpike.judge.facts import Past, PastDifference, ProposedPolicies
from turnpike.judge.policy_input import Answer
from turnpike.judge.proposed import broken_policies, past_notes
from unit.judge.examples import ARTIFACT, added, model_facts, review, with_changes

DIFFERENCE = PastDifference(
    decision=ARTIFACT, subjects=("oncology/triage",), before="allow", after="deny: card-missing"
)
PAST = Past(compared=7, unread=2, differences=(DIFFERENCE,))
CHANGE = with_changes(model_facts(review("sam")), added("policies/a/a.rego"))
FACTS = CHANGE.model_copy(
    update={"proposed_policies": ProposedPolicies(digest=ARTIFACT, problems=(), past=PAST)}
)


def test_each_difference_is_a_note_with_both_verdicts_and_changes_nothing() -> None:
    decision = decide(FACTS, Answer(results=()))
    assert decision.verdict == "allow"
    said = {note.code: f"{note.expected} {note.actual}" for note in decision.notes}
    assert "allow deny: card-missing" in said["policy.past-differs"]
    assert "9 decisions" in said["policy.past-decided-again"]
    assert "2 could not be read" in said["policy.past-decided-again"]


def test_without_a_change_of_policies_there_is_nothing_to_tell() -> None:
    assert past_notes(model_facts()) == ()
    assert broken_policies(model_facts()) == ()


def test_policies_that_could_not_judge_are_refused() -> None:
    broken = ProposedPolicies(digest=ARTIFACT, problems=("a.rego:3: }",))
    (finding,) = broken_policies(CHANGE.model_copy(update={"proposed_policies": broken}))
    assert (finding.code, finding.actual) == ("policy.broken", "a.rego:3: }")
