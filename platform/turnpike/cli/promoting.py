"""What is promoted: the plan of each model on one main, planned again while main moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce

from pydantic import JsonValue

from turnpike.cli.output import progress
from turnpike.cli.planning import Planned, planned
from turnpike.cli.wiring import House, now
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import RepositoryChanged, UsageError
from turnpike.explain.escape import for_terminal
from turnpike.judge.layout import ModelKey
from turnpike.promotion.move import Move
from turnpike.promotion.outlook import Asking
from turnpike.promotion.outlook_text import differences, value_of, waits_for, when
from turnpike.promotion.plan import ReleasePlan, plan_promotion
from turnpike.promotion.standing import manifests_of, standing_of

_ROUNDS = 5
_LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Settled:
    """The moves that were chosen on a main, one a model, and the files that carry them out."""

    main: ObjectId
    now: datetime
    moves: tuple[Move, ...]
    plan: ReleasePlan

    @property
    def waiting(self) -> tuple[Move, ...]:
        """Return the moves that something but approvals is in the way of."""
        return tuple(m for m in self.moves if not m.can_now and not m.stopped_by("nothing-new"))


def agreed(house: House, asking: Asking, origin: str | None) -> Settled:
    """Plan until main stands still; raises InputError for what can't move at all."""
    before: tuple[Move, ...] | None = None
    for _ in range(_ROUNDS):
        found = planned(house, asking, now())
        moves = _chosen(found, asking.models, origin)
        settled = Settled(found.main, found.now, moves, _plan(house, found.main, asking, moves))
        if before is not None:
            _tell(differences(before, moves, found.now))
        if house.main == found.main:
            return settled
        before = moves
    raise RepositoryChanged(
        f"main moved {_ROUNDS} times while the promotion was planned",
        solution="Run the same command again.",
    )


def _plan(house: House, main: ObjectId, asking: Asking, moves: tuple[Move, ...]) -> ReleasePlan:
    standing = standing_of(house.host, main, asking.models)
    manifests = manifests_of(house.host, standing.releases.values())
    plans = (
        plan_promotion(m.model, manifests, standing, m.environment, asking.targets, move=m)
        for m in moves
    )
    return reduce(ReleasePlan.__or__, plans)


def _chosen(found: Planned, models: tuple[ModelKey, ...], origin: str | None) -> tuple[Move, ...]:
    """Return one move a model: what is new before what is there, and the earliest of these."""
    chosen: list[Move] = []
    for model in models:
        moves = [m for m in found.moves if m.model == model and origin in (None, m.origin)]
        if not moves:
            raise UsageError(
                f"--from {origin}: expected a stage that serves {model}, got one that does not",
                solution=f"`turnpike plan {model}` shows from where it can go.",
            )
        chosen.append(min(moves, key=_rank))
    return tuple(chosen)


def _rank(move: Move) -> tuple[bool, bool, datetime]:
    return move.stopped_by("nothing-new"), not move.can_now, move.earliest or _LATEST


def _tell(changed: Iterable[str]) -> None:
    told = list(changed) or ["nothing about these moves"]
    for line in told:
        progress(f"main moved, planned again; changed: {line}")


def refusal(settled: Settled) -> tuple[JsonValue, list[str]]:
    """Return what is said where the plan says no: for machines, and for people."""
    lines = [f"NOT NOW, {len(settled.waiting)} of {len(settled.moves)} cannot go; nothing opened"]
    for move in settled.waiting:
        name = f"{move.model} {move.version or ''} {move.origin} > {move.environment}"
        can = when(move, settled.now)
        lines.append(f"  {name}: {'not until somebody acts' if can == 'no' else f'from {can}'}")
        lines.append(f"    waits for  {for_terminal(waits_for(move, settled.now))}")
        lines += [f"    next       {for_terminal(one)}" for one in _solutions(move)]
    lines.append("with --anyway the pull request is opened to wait")
    moves: list[JsonValue] = [value_of(move) for move in settled.moves]
    return {"opened": False, "main": settled.main, "moves": moves}, lines


def _solutions(move: Move) -> list[str]:
    return list(dict.fromkeys(blocker.solution for blocker in move.blockers))
