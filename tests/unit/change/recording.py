"""Decisions on a small instance's record, and policies that answer as the test says."""

from __future__ import annotations

from turnpike.change.gate import AskPolicies, judge_facts
from turnpike.change.past import Asked
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import Digest
from turnpike.errors import Unavailable
from turnpike.judge.facts import Facts
from turnpike.judge.policy_input import Answer, Denial, PolicyInput, SubjectAnswer
from turnpike.record.statements import statement_of_decision
from unit.auditing.small_instance import GATE, SmallInstance
from unit.judge.examples import NOW, RULES


def answering(*denied: str, rules: tuple[str, ...] = RULES) -> Asked:
    """Return policies that deny the subjects of these kinds, and nothing else."""

    def ask(batch: tuple[PolicyInput, ...]) -> Answer:
        return Answer(results=tuple(_result(one, denied, rules) for one in batch))

    return Asked(ask, rules)


def _result(one: PolicyInput, denied: tuple[str, ...], rules: tuple[str, ...]) -> SubjectAnswer:
    denial = Denial(code="no-good", message="m", expected="e", actual="a", solution="s")
    return SubjectAnswer(rules=rules, denials=(denial,) if one.subject.kind in denied else ())


ALLOWING = answering().ask


def silent(_: tuple[PolicyInput, ...]) -> Answer:
    raise Unavailable("expected an answer of OPA, got silence")


def recorded(instance: SmallInstance, facts: Facts, ask: AskPolicies = ALLOWING) -> Digest:
    """Put a decision on the record, as a gate with these policies made it."""
    tip = instance.record.tip()
    facts = facts.model_copy(update={"record": tip, "clock": NOW.replace(year=2027)})
    decision = judge_facts(facts, ask).decision
    envelope = instance.gate.sign(statement_of_decision(decision))
    content, sign = canonical_document(facts), instance.gate.sign_commit
    instance.record.append([envelope], tip.tip, GATE, instance.tick(), sign, facts=content)
    return envelope.digest()
