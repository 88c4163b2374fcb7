"""A change as it would be judged if some remedies had been carried out.

Everything else stays as the facts have it, and all of it is weighed again: a threshold that is
raised voids the evidence, a path that is left out needs no owner, a higher tier needs its quorum.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from turnpike.judge.facts import Facts
from turnpike.judge.places import place_of, with_field, with_input
from turnpike.judge.policy_input import PolicyInput, SubjectInput
from turnpike.judge.queries import after_people, queries_about
from turnpike.judge.remedy import (
    ApprovalRemedy,
    ClassRemedy,
    DerivationRemedy,
    FieldRemedy,
    FileRemedy,
    KeepRemedy,
    LeaveOutRemedy,
    PushRemedy,
    Remedy,
    RenameRemedy,
    TimeRemedy,
    WithdrawalRemedy,
)
from turnpike.judge.situation import Situation, situation_of, with_people
from turnpike.judge.supposed_changes import (
    derived_anew,
    kept,
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


def as_it_is(situation: Situation) -> Hypothesis:
    """Return the change under no supposition at all."""
    return Hypothesis(situation, queries_about(situation))


_ORDER = ("class", "keep", "leave-out", "rename", "file", "field", "time", "push", "withdrawal",
          "approval", "derivation")  # fmt: skip
"""Which comes first: what is in the change, then what it says, who agrees, what is derived."""


_PEOPLE = ApprovalRemedy | WithdrawalRemedy | PushRemedy


def suppose(
    start: Hypothesis, supposed: Sequence[Supposed], only: Collection[str] | None = None
) -> Hypothesis:
    """Return the change as it would be judged if all of this had been carried out.

    ``start`` is the change as it is. ``only`` names the ids of the subjects that the policies are
    to be asked about: what they deny is denied in the whole as well, but what they pass may not be.
    """
    weighed = _weighed(start.situation, supposed)
    heard = weighed.hearing.testimony
    testimony = with_evidence(heard, weighed.facts, [(one.about, one.remedy) for one in supposed])
    if testimony == heard and all(isinstance(one.remedy, _PEOPLE) for one in supposed):
        asked = (q for q in start.queries if only is None or q.subject.id in only)
        return Hypothesis(weighed, after_people(tuple(asked), weighed))
    weighed = replace(weighed, hearing=replace(weighed.hearing, testimony=testimony))
    queries = queries_about(weighed, only)
    for one in supposed:
        if isinstance(one.remedy, FieldRemedy) and not place_of(
            weighed.facts, one.about, one.remedy.path
        ):
            queries = _with_inputs(queries, one.about, one.remedy)
    return Hypothesis(weighed, queries)


def _weighed(situation: Situation, supposed: Sequence[Supposed]) -> Situation:
    """Return the situation after all that is no evidence, weighed no more than it must be."""
    facts, only_people = situation.facts, True
    for one in sorted(supposed, key=_rank):
        after = _carried_out(facts, one)
        only_people = only_people and (after is facts or isinstance(one.remedy, _PEOPLE))
        facts = after
    if facts is situation.facts:
        return situation
    return with_people(situation, facts) if only_people else situation_of(facts, situation)


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
        case KeepRemedy():
            return kept(facts, remedy.under)
        case LeaveOutRemedy():
            return left_out(facts, remedy.under)
    return _mended(facts, remedy)


def _mended(facts: Facts, remedy: Remedy) -> Facts:
    match remedy:
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
