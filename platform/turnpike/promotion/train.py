"""A release train: the moves that ride in one change, and which drop out of it, and why. Pure.

A bad one holds nobody up: 1 all are judged as one change. 2 Each that something stands against is
judged alone, all of them in one batch; who is denied alone drops out. 3 Who is denied only beside
others (a quota that all exceed together) boards in order, as long as the whole is allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from turnpike.judge.decision import Finding
from turnpike.judge.layout import ModelKey, deployment_of
from turnpike.promotion.move import Blocker, Move

Group = tuple[Move, ...]
"""Moves that are taken or dropped as one: a release group, or a single move."""

Objections = Mapping[ModelKey, tuple[Blocker, ...]]
"""What stands against models, by model; approvals, which come later, do not."""

Judge = Callable[[Sequence[Sequence[Group]]], Sequence[Objections]]
"""Judges changes, each of some groups only, by one batch; answers in their order."""


@dataclass(frozen=True, slots=True)
class Boarded:
    """Which groups ride, and why the models of the others do not."""

    rides: tuple[Group, ...]
    dropped: Mapping[ModelKey, tuple[Blocker, ...]] = field(default_factory=dict)


def groups_of(moves: Iterable[Move]) -> tuple[Group, ...]:
    """Return the moves by release group, in the order of their first members."""
    found: dict[tuple[str, ...], list[Move]] = {}
    for move in moves:
        own = ("group", move.model.team, move.group) if move.group else ("model", str(move.model))
        found.setdefault(own, []).append(move)
    return tuple(map(tuple, found.values()))


def board(groups: Sequence[Group], judge: Judge) -> Boarded:
    """Return which groups ride in one change that nothing but approvals stands against."""
    if not groups:
        return Boarded(())
    (whole,) = judge([groups])
    suspects = [group for group in groups if _is_named(group, whole)]
    if not suspects:
        return Boarded(tuple(groups))
    alone = judge([[group] for group in suspects]) if len(groups) > 1 else [whole]
    guilty = {g: said for g, said in zip(suspects, alone, strict=True) if said}
    rest = board([group for group in groups if group not in suspects], judge)
    innocent = [group for group in suspects if group not in guilty]
    late = _beside(rest.rides, innocent, judge)
    rides = {*rest.rides, *late.rides}
    dropped = {**rest.dropped, **late.dropped}
    for group, said in guilty.items():
        dropped |= _reasons(group, said)
    return Boarded(tuple(group for group in groups if group in rides), dropped)


def _beside(riding: Sequence[Group], groups: Sequence[Group], judge: Judge) -> Boarded:
    """Let groups board beside those that ride: all, else each half of them in turn."""
    if not groups:
        return Boarded(())
    (said,) = judge([[*riding, *groups]])
    if not said:
        return Boarded(tuple(groups))
    if len(groups) == 1:
        return Boarded((), _reasons(groups[0], said))
    half = len(groups) // 2
    first = _beside(riding, groups[:half], judge)
    second = _beside([*riding, *first.rides], groups[half:], judge)
    return Boarded((*first.rides, *second.rides), {**first.dropped, **second.dropped})


def _is_named(group: Group, said: Objections) -> bool:
    return any(move.model in said for move in group)


def _reasons(group: Group, said: Objections) -> dict[ModelKey, tuple[Blocker, ...]]:
    """Return why each model of a group drops out: what stands against it, or its companions."""
    named = [move.model for move in group if move.model in said]
    others = tuple(dict.fromkeys(one for said_of in said.values() for one in said_of))
    if not named:  # only beside it somebody else is denied
        return {move.model: others for move in group}
    return {move.model: said.get(move.model) or (_beside_bad(move, named),) for move in group}


def _beside_bad(move: Move, named: Sequence[ModelKey]) -> Blocker:
    bad = ", ".join(map(str, named))
    return Blocker(
        code="group-dropped",
        says=f"it moves with {bad} (release group {move.group}), which drops out",
        until=None,
        solution=f"Mend what stands against {bad}; the group rides as one.",
    )


def objections_in(findings: Iterable[Finding], models: Iterable[ModelKey]) -> Objections:
    """Return what findings say against models; what names none of them is said of each."""
    known = tuple(models)
    found: dict[ModelKey, list[Blocker]] = {}
    for finding in findings:
        named = _named_by(finding.subject)
        for model in (named,) if named in known else known:
            told = found.setdefault(model, [])
            told.append(_objection(finding))
    return {model: tuple(dict.fromkeys(told)) for model, told in found.items()}


def _named_by(subject: str) -> ModelKey | None:
    """Return the model of a deployment or of one of its files; None for any other subject."""
    place = deployment_of(subject) or deployment_of(f"environments/{subject}/release.yaml")
    return place.model_key if place else None


def _objection(finding: Finding) -> Blocker:
    says = f"{finding.message} Expected {finding.expected}, found {finding.actual}"
    return Blocker(finding.code, says, None, finding.solution)
