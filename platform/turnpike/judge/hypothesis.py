"""A change as it would be judged if some remedies had been carried out.

Everything else stays as the facts have it, and all of it is weighed again: a threshold that is
raised voids the evidence, a path that is left out needs no owner, a higher tier needs its quorum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from turnpike.judge.facts import Facts
from turnpike.judge.places import place_of, with_field, with_input
from turnpike.judge.policy_input import PolicyInput, SubjectInput
from turnpike.judge.queries import queries_about
from turnpike.judge.remedy import (
    ApprovalRemedy,
    ClassRemedy,
    DerivationRemedy,
    FieldRemedy,
    FileRemedy,
    LeaveOutRemedy,
    PushRemedy,
    Remedy,
    RenameRemedy,
    TimeRemedy,
    WithdrawalRemedy,
)
from turnpike.judge.situation import Situation, situation_of
from turnpike.judge.supposed_changes import (
    derived_anew,
    left_out,
    of_one_class,
    renamed,
    with_file,
)
from turnpike.judge.supposed_evidence import with_evidence
from turnpike.judge.supposed_people import with_approvals, with_pusher, without_objection


@dataclass(frozen=True, slots=True)
class Supposed:
    """One remedy, and the subject of the query whose rule named it."""

    about: SubjectInput
    remedy: Remedy

    @property
    def key(self) -> str:
        """Return what tells one supposition from another."""
        return f"{self.about.id} {self.remedy.model_dump_json()}"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """What the policies are asked, and what is decided from, under some suppositions."""

    situation: Situation
    queries: tuple[PolicyInput, ...]


_ORDER = ("class", "leave-out", "rename", "file", "field", "time", "push", "withdrawal", "approval",
          "derivation")  # fmt: skip
"""Which comes first: what is in the change, then what it says, who agrees, what is derived."""


def suppose(situation: Situation, supposed: Sequence[Supposed]) -> Hypothesis:
    """Return the change as it would be judged if all of this had been carried out."""
    facts = situation.facts
    for one in sorted(supposed, key=_rank):
        facts = _carried_out(facts, one)
    weighed = situation_of(facts) if facts is not situation.facts else situation
    pairs = [(one.about, one.remedy) for one in supposed]
    testimony = with_evidence(weighed.hearing.testimony, facts, pairs)
    weighed = replace(weighed, hearing=replace(weighed.hearing, testimony=testimony))
    queries = queries_about(weighed)
    for one in supposed:
        if isinstance(one.remedy, FieldRemedy) and not place_of(facts, one.about, one.remedy.path):
            queries = _with_inputs(queries, one.about, one.remedy)
    return Hypothesis(weighed, queries)


def _rank(one: Supposed) -> int:
    kind = one.remedy.kind
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)


def _carried_out(facts: Facts, one: Supposed) -> Facts:
    """Return the facts with one remedy; those of evidence and of content change no facts."""
    remedy = one.remedy
    match remedy:
        case FieldRemedy():
            return with_field(facts, one.about, remedy)
        case TimeRemedy():
            later = max(facts.clock, remedy.until)
            return facts.model_copy(update={"clock": later})
        case ApprovalRemedy() | WithdrawalRemedy() | PushRemedy():
            return _said(facts, remedy)
    return _rewritten(facts, remedy)


def _said(facts: Facts, remedy: ApprovalRemedy | WithdrawalRemedy | PushRemedy) -> Facts:
    match remedy:
        case ApprovalRemedy():
            return with_approvals(facts, remedy.people[: remedy.count])
        case WithdrawalRemedy():
            return without_objection(facts, remedy.person)
    return with_pusher(facts)


def _rewritten(facts: Facts, remedy: Remedy) -> Facts:
    match remedy:
        case ClassRemedy():
            return of_one_class(facts, remedy)
        case LeaveOutRemedy():
            return left_out(facts, remedy.under)
        case RenameRemedy():
            return renamed(facts, remedy)
        case FileRemedy():
            return with_file(facts, remedy)
        case DerivationRemedy():
            return derived_anew(facts, remedy)
    return facts


def _with_inputs(
    queries: tuple[PolicyInput, ...], about: SubjectInput, remedy: FieldRemedy
) -> tuple[PolicyInput, ...]:
    return tuple(with_input(q, remedy) if q.subject == about else q for q in queries)
