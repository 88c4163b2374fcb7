"""Release groups: models of one team that move together, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from turnpike.documents.identifiers import ObjectId
from turnpike.judge.layout import ModelKey, deployment_of
from turnpike.promotion.ground import Fleet
from turnpike.promotion.move import Blocker, Move

WAITS = "group-waits"
"""What stands before a move whose release group has a member that can't go."""

_LATEST = datetime.max.replace(tzinfo=UTC)


def rank(move: Move) -> tuple[bool, bool, datetime]:
    """Order the moves of one model: what is new before what is there, the earliest of these."""
    return move.stopped_by("nothing-new"), not move.can_now, move.earliest or _LATEST


def held_together(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Return the moves, each of which waits as well for what the rest of its group waits for.

    A member that the environment serves already holds nobody up. Where the analysis of one fails
    and it goes back, so do the others that stand beside it at a step of the same rollout.
    """
    found = tuple(moves)
    waiting = {mark: tuple(_waiting(members)) for mark, members in _groups(found).items()}
    return tuple(_held(move, waiting.get(_mark(move), ())) for move in found)


def companions(fleet: Fleet, models: Collection[ModelKey]) -> tuple[ModelKey, ...]:
    """Return the models, then all others of their release groups, by any manifest that counts."""
    groups: dict[ModelKey, set[str]] = defaultdict(set)
    for model, blob in _manifests(fleet):
        if (brief := fleet.briefs.get(blob)) and brief.group:
            groups[model].add(brief.group)
    wanted = {(model.team, name) for model in models for name in groups.get(model, ())}
    others = (
        model
        for model, names in sorted(groups.items())
        if any((model.team, name) in wanted for name in names)
    )
    return tuple(dict.fromkeys((*models, *others)))


def _manifests(fleet: Fleet) -> Iterator[tuple[ModelKey, ObjectId]]:
    yield from fleet.manifests.items()
    for path, release in fleet.releases.items():
        if place := deployment_of(path):
            yield place.model_key, release.manifest


def _mark(move: Move) -> tuple[str, str, str]:
    return move.environment, move.model.team, move.group or ""


def _groups(moves: Iterable[Move]) -> dict[tuple[str, str, str], dict[ModelKey, Move]]:
    """Return the best move of each member of each group, by environment, team and group."""
    found: dict[tuple[str, str, str], dict[ModelKey, Move]] = defaultdict(dict)
    for move in moves:
        if move.group:
            members = found[_mark(move)]
            members[move.model] = min(members.get(move.model, move), move, key=rank)
    return found


def _waiting(members: dict[ModelKey, Move]) -> Iterator[Move]:
    for move in members.values():
        if not move.can_now and not move.stopped_by("nothing-new"):
            yield move


def _held(move: Move, waiting: tuple[Move, ...]) -> Move:
    others = [one for one in waiting if one.model != move.model]
    if not others or move.stopped_by("nothing-new"):
        return move
    blockers = (*move.blockers, *(_waits_for(one) for one in others))
    moments = (move.earliest, *(one.earliest for one in others))
    known = [moment for moment in moments if moment is not None]
    earliest = max(known) if len(known) == len(moments) else None
    returns = move.returns or (
        move.stands and move.step is not None and any(one.returns for one in others)
    )
    return replace(move, blockers=blockers, earliest=earliest, returns=returns)


def _waits_for(other: Move) -> Blocker:
    said = "; ".join(blocker.says for blocker in other.blockers)
    return Blocker(
        code=WAITS,
        says=f"{other.model}, of the same release group {other.group}, waits: {said}",
        until=other.earliest,
        solution=other.blockers[0].solution,
    )
