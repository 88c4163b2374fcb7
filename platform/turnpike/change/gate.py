"""Judge one pull request: collect, ask the policies, decide. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from turnpike.change.collect import Question, Sources, collect
from turnpike.change.conformance import held_against_schemas
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import digest_of
from turnpike.judge.decide import conclude
from turnpike.judge.decision import Decision
from turnpike.judge.facts import Facts
from turnpike.judge.genesis import genesis_decision, is_genesis
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.judge.queries import queries_about
from turnpike.judge.situation import Situation, situation_of

if TYPE_CHECKING:
    from turnpike.explain.explanation import Explanation

AskPolicies = Callable[[tuple[PolicyInput, ...]], Answer]
"""Puts one batch to OPA; raises Unavailable where OPA does not answer as it must."""


NO_ANSWER = Answer(results=())
"""What the policies say where they are not asked."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision together with everything that it was made from.

    ``content`` are the canonical bytes of the facts; empty where nobody needed them yet.
    """

    facts: Facts
    decision: Decision
    answer: Answer = field(default=NO_ANSWER, compare=False)
    situation: Situation | None = field(default=None, compare=False)
    content: bytes = field(default=b"", compare=False, repr=False)


def judge(sources: Sources, question: Question, ask: AskPolicies) -> Judged:
    """Return the decision on one question, with its facts."""
    facts = held_against_schemas(collect(sources, question), sources.schemas)
    return judge_facts(facts, ask)


def judge_again(facts: Facts, ask: AskPolicies) -> Judged:
    """Return the decision on facts of any record, those of a genesis included."""
    if is_genesis(facts):
        return Judged(facts, genesis_decision(facts))
    return judge_facts(facts, ask)


def judge_facts(facts: Facts, ask: AskPolicies) -> Judged:
    """Return the decision on facts that were already collected."""
    situation = situation_of(facts)
    queries = queries_about(situation)
    answer = ask(queries) if queries else NO_ANSWER
    content = canonical_document(facts)
    decision = conclude(situation, queries, answer, digest_of(content))
    return Judged(facts, decision, answer, situation, content)


def explained(judged: Judged, ask: AskPolicies) -> Explanation | None:
    """Return what would turn a denial into an allow; None for any other verdict."""
    if judged.decision.verdict != "deny":
        return None
    from turnpike.explain.explain import explain

    situation = judged.situation or situation_of(judged.facts)
    return explain(situation, judged.decision.facts, judged.answer, ask)
