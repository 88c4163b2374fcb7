"""The newest decisions are made again by both policies, and only policies make a difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.change.past import Asked, decided_again
from turnpike.errors import Unavailable
from unit.auditing.small_instance import SmallInstance
from unit.change.recording import answering, recorded, silent
from unit.judge.examples import added, model_facts, review, with_changes


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def test_the_same_answers_make_no_difference_whatever_the_rules_are_called(
    instance: SmallInstance,
) -> None:
    recorded(instance, model_facts(review("tom")))
    past = decided_again(instance.record, answering(), answering(rules=("other",)))
    assert (past.compared, past.unread, past.differences) == (1, 0, ())


def test_a_decision_that_ends_otherwise_is_told_with_both_verdicts(instance: SmallInstance) -> None:
    digest = recorded(instance, model_facts(review("tom")))
    past = decided_again(instance.record, answering(), answering("model"))
    (one,) = past.differences
    assert (one.decision, one.before, one.after) == (digest, "allow", "deny: no-good")
    assert one.subjects == ("oncology/triage",)


def test_where_mains_policies_cannot_answer_the_recorded_decision_is_compared(
    instance: SmallInstance,
) -> None:
    recorded(instance, model_facts(review("tom")))
    past = decided_again(instance.record, Asked(silent, ()), answering("model"))
    assert [one.before for one in past.differences] == ["allow"]


def test_policies_that_cannot_answer_past_facts_are_a_failure(instance: SmallInstance) -> None:
    recorded(instance, model_facts(review("tom")))
    with pytest.raises(Unavailable):
        decided_again(instance.record, answering(), Asked(silent, ()))


def test_decisions_by_fixed_rules_are_left_out(instance: SmallInstance) -> None:
    change = with_changes(model_facts(review("sam")), added("policies/a/a.rego"))
    recorded(instance, change)
    past = decided_again(instance.record, answering(), answering("model", "change"))
    assert (past.compared, past.unread) == (0, 0)


def test_facts_of_another_shape_are_counted(instance: SmallInstance) -> None:
    instance.append(instance.decision(instance.main(), instance.branch({"a": b"a"})))
    past = decided_again(instance.record, answering(), answering())
    assert (past.compared, past.unread) == (0, 1)
