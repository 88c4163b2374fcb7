"""The newest decisions are made again by both policies, and only policies make a difference."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.change.gate import judge_facts
from turnpike.change.past import Asked, decided_again
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import Digest
from turnpike.errors import Unavailable
from turnpike.judge.facts import Facts
from turnpike.judge.policy_input import Answer, Denial, PolicyInput, SubjectAnswer
from turnpike.record.statements import statement_of_decision
from unit.auditing.small_instance import GATE, SmallInstance
from unit.judge.examples import NOW, RULES, added, model_facts, review, with_changes


def answering(*denied: str, rules: tuple[str, ...] = RULES) -> Asked:
    """Return policies that deny the subjects of these kinds, and nothing else."""

    def ask(batch: tuple[PolicyInput, ...]) -> Answer:
        return Answer(results=tuple(_result(one, denied, rules) for one in batch))

    return Asked(ask, rules)


def _result(one: PolicyInput, denied: tuple[str, ...], rules: tuple[str, ...]) -> SubjectAnswer:
    denial = Denial(code="no-good", message="m", expected="e", actual="a", solution="s")
    return SubjectAnswer(rules=rules, denials=(denial,) if one.subject.kind in denied else ())


def silent(_: tuple[PolicyInput, ...]) -> Answer:
    raise Unavailable("expected an answer of OPA, got silence")


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def recorded(instance: SmallInstance, facts: Facts) -> Digest:
    """Put a decision on the record, as a gate whose policies deny nothing made it."""
    tip = instance.record.tip()
    facts = facts.model_copy(update={"record": tip, "clock": NOW.replace(year=2027)})
    decision = judge_facts(facts, answering().ask).decision
    envelope = instance.gate.sign(statement_of_decision(decision))
    content, sign = canonical_document(facts), instance.gate.sign_commit
    instance.record.append([envelope], tip.tip, GATE, instance.tick(), sign, facts=content)
    return envelope.digest()


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
