"""The newest decisions on the record, decided again under policies that a change proposes.

Both main's policies and the proposed ones are asked, so that nothing but the policies can make a
difference. What they say informs the owners who approve; policies that give no answer are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from pydantic import ValidationError

from turnpike.documents.identifiers import Digest
from turnpike.errors import InvalidDocument, Unavailable
from turnpike.judge.decide import conclude
from turnpike.judge.decision import Decision
from turnpike.judge.facts import FACTS, Facts, Past, PastDifference
from turnpike.judge.policy_input import Answer, PolicyInput
from turnpike.judge.queries import queries_about
from turnpike.judge.situation import Situation, situation_of
from turnpike.judge.subjects import FIXED_CLASSES
from turnpike.record.layout import decision_of
from turnpike.record.record import Record

NEWEST = 50

Ask = Callable[[tuple[PolicyInput, ...]], Answer]


@dataclass(frozen=True, slots=True)
class Asked:
    """Policies that answer: how to ask them, and the ids of their rules."""

    ask: Ask
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _PastDecision:
    digest: Digest
    decision: Decision
    situation: Situation
    queries: tuple[PolicyInput, ...]


def decided_again(record: Record, before: Asked, after: Asked) -> Past:
    """Return how the newest decisions that asked the policies end under ``after``.

    Raises Unavailable or InvalidDocument where ``after`` can't answer. Where ``before`` can't, a
    decision is compared as it was recorded.
    """
    past: list[_PastDecision] = []
    unread = 0
    for digest, decision in _newest(record):
        facts = _facts(record, decision)
        if facts is None:
            unread += 1
        else:
            situation = situation_of(facts)
            past.append(_PastDecision(digest, decision, situation, queries_about(situation)))
    then = _as_main_decides(past, before)
    now = _decisions(past, after)
    differences = tuple(
        PastDifference(
            decision=one.digest,
            subjects=one.decision.subjects[:3],
            before=_said(old),
            after=_said(new),
        )
        for one, old, new in zip(past, then, now, strict=True)
        if _said(old) != _said(new)
    )
    return Past(compared=len(past), unread=unread, differences=differences)


def _newest(record: Record) -> Iterator[tuple[Digest, Decision]]:
    """Yield the newest decisions that asked the policies, newest first."""
    digest, left = record.tip().previous, NEWEST
    while digest is not None and left:
        decision = decision_of(record.decision(digest))
        if decision.change_class not in FIXED_CLASSES | {"genesis"}:
            yield digest, decision
            left -= 1
        digest = decision.previous


def _facts(record: Record, decision: Decision) -> Facts | None:
    """Return the facts of a decision; None where they have the shape of another time."""
    try:
        return FACTS.validate_json(record.facts(decision.facts))
    except ValidationError:
        return None


def _as_main_decides(past: list[_PastDecision], before: Asked) -> tuple[Decision, ...]:
    try:
        return _decisions(past, before)
    except (Unavailable, InvalidDocument):  # the change may be what repairs them
        return tuple(one.decision for one in past)


def _decisions(past: list[_PastDecision], policies: Asked) -> tuple[Decision, ...]:
    """Ask about all of them at once, and conclude each."""
    batch = tuple(query for one in past for query in one.queries)
    results = iter(policies.ask(batch).results if batch else ())
    return tuple(
        conclude(
            _under(one.situation, policies.rules),
            one.queries,
            Answer(results=tuple(next(results) for _ in one.queries)),
        )
        for one in past
    )


def _under(situation: Situation, rules: tuple[str, ...]) -> Situation:
    """Return a situation in which these rules must answer."""
    tools = situation.facts.tools.model_copy(update={"rules": rules})
    return replace(situation, facts=situation.facts.model_copy(update={"tools": tools}))


def _said(decision: Decision) -> str:
    codes = sorted({finding.code for finding in decision.findings})
    return f"{decision.verdict}: {', '.join(codes)}" if codes else decision.verdict
