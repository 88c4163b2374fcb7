"""What is promoted: one move a model on one main, planned again while main moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from turnpike.cli.output import progress
from turnpike.cli.planning import Planned, planned
from turnpike.cli.wiring import House, now
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import RepositoryChanged, UsageError
from turnpike.judge.layout import ModelKey
from turnpike.promotion.group import rank
from turnpike.promotion.move import Move
from turnpike.promotion.outlook import Asking
from turnpike.promotion.outlook_text import differences

_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Settled:
    """The moves that were chosen on a main, one a model; ``asked`` are the models by name.

    The others belong to the release group of one that was asked for; where none was asked for by
    name, all were.
    """

    main: ObjectId
    now: datetime
    moves: tuple[Move, ...]
    asked: tuple[ModelKey, ...] = ()

    @property
    def waiting(self) -> tuple[Move, ...]:
        """Return the moves that something but approvals is in the way of."""
        return tuple(
            move for move in self.moves if not (move.is_ready or move.stopped_by("nothing-new"))
        )

    @property
    def ready(self) -> tuple[Move, ...]:
        """Return the moves that nothing but approvals is in the way of."""
        return tuple(move for move in self.moves if move.is_ready)


def agreed(house: House, asking: Asking, origin: str | None) -> Settled:
    """Plan until main stands still; raises UsageError for an origin that serves no such model."""
    before: tuple[Move, ...] | None = None
    for _ in range(_ROUNDS):
        found = planned(house, asking, now())
        moves = _chosen(found, asking.models, origin)
        if before is not None:
            _tell(differences(before, moves, found.now))
        if house.main == found.main:
            return Settled(found.main, found.now, moves, asking.models)
        before = moves
    raise RepositoryChanged(
        f"main moved {_ROUNDS} times while the promotion was planned",
        solution="Run the same command again.",
    )


def _chosen(found: Planned, asked: tuple[ModelKey, ...], origin: str | None) -> tuple[Move, ...]:
    """Return one move a model: what is new before what is there, and the earliest of these."""
    best: dict[ModelKey, Move] = {}
    for move in found.moves:
        if origin in {None, move.origin} and (asked or move.version is not None):
            best[move.model] = min(best.get(move.model, move), move, key=rank)
    for model in asked:
        if model not in best:
            raise UsageError(
                f"--from {origin}: expected a stage that serves {model}, got one that does not",
                solution=f"`turnpike plan {model}` shows from where it can go.",
            )
    return tuple(best.values())


def _tell(changed: Iterable[str]) -> None:
    told = list(changed) or ["nothing about these moves"]
    for line in told:
        progress(f"main moved, planned again; changed: {line}")
