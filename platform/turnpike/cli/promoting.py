"""What is promoted: one move a model on one main, planned again while main moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from turnpike.cli.output import progress
from turnpike.cli.planning import planned
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
        moves = chosen_of(found.moves, asking, origin)
        if before is not None:
            _tell(differences(before, moves, found.now))
        if house.main == found.main:
            return Settled(found.main, found.now, moves, asking.models)
        before = moves
    raise RepositoryChanged(
        f"main moved {_ROUNDS} times while the promotion was planned",
        solution="Run the same command again.",
    )


def chosen_of(found: Iterable[Move], asking: Asking, origin: str | None) -> tuple[Move, ...]:
    """Return one move a model: what is new before what is there, and the earliest of these.

    Who has nothing that could move is told only where it was asked for by name. Raises UsageError
    for an origin from which a model that was asked for does not come.
    """
    best: dict[ModelKey, Move] = {}
    for move in found:
        is_told = move.version is not None or move.model in asking.models
        if is_told and origin in {None, move.origin}:
            best[move.model] = min(best.get(move.model, move), move, key=rank)
    for model in asking.models:
        if model not in best:
            where = f"that {asking.environment} promotes from, and " if asking.environment else ""
            raise UsageError(
                f"--from {origin}: expected a stage {where}that serves {model}, got another",
                solution=f"`turnpike plan {model}` shows from where it can go.",
            )
    return tuple(best.values())


def _tell(changed: Iterable[str]) -> None:
    told = list(changed) or ["nothing about these moves"]
    for line in told:
        progress(f"main moved, planned again; changed: {line}")
