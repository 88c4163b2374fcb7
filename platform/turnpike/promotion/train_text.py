"""What became of each model that was to be promoted, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

from turnpike.judge.layout import ModelKey
from turnpike.promotion.move import Blocker, Move
from turnpike.promotion.outlook_text import value_of, waits_for, when

State = Literal["rides", "dropped", "waits", "there"]


@dataclass(frozen=True, slots=True)
class Passengers:
    """All moves that were asked for; ``riding`` names each one's pull request, by model.

    ``dropped`` is what the judge has against those that could have gone by the plan.
    """

    moves: tuple[Move, ...]
    now: datetime
    riding: Mapping[ModelKey, int] = field(default_factory=dict)
    dropped: Mapping[ModelKey, tuple[Blocker, ...]] = field(default_factory=dict)

    def state(self, move: Move) -> State:
        """Return what became of a move."""
        if move.model in self.riding:
            return "rides"
        if move.model in self.dropped:
            return "dropped"
        return "there" if move.stopped_by("nothing-new") else "waits"

    def left_behind(self) -> tuple[Move, ...]:
        """Return the moves that should have gone, and do not."""
        return tuple(m for m in self.moves if self.state(m) in {"dropped", "waits"})

    def lines(self, number: int | None = None) -> Iterator[str]:
        """Yield a line for each who rides in a pull request; without a number, who does not."""
        for move in self.moves:
            if number is not None and self.riding.get(move.model) == number:
                yield f"  rides    {_name(move)}"
            if number is None and self.state(move) in {"dropped", "waits"}:
                yield from self._left(move)

    def _left(self, move: Move) -> Iterator[str]:
        if self.state(move) == "dropped":
            yield f"  dropped  {_name(move)}"
            for one in self.dropped[move.model]:
                yield f"           {one.code}: {one.says}"
            yield from _ways(self.dropped[move.model])
            return
        can = when(move, self.now)
        until = "somebody acts" if can == "no" else can
        yield f"  waits    {_name(move)}: until {until}"
        yield f"           for {waits_for(move, self.now)}"
        yield from _ways(move.blockers)

    def values(self) -> list[JsonValue]:
        """Return each move as plain JSON values, with what became of it."""
        return [self._value(move) for move in self.moves]

    def _value(self, move: Move) -> JsonValue:
        reasons: list[JsonValue] = [
            {"code": one.code, "says": one.says, "solution": one.solution}
            for one in self.dropped.get(move.model, move.blockers)
        ]
        number, state = self.riding.get(move.model), self.state(move)
        said = [] if number is not None else reasons
        return {**value_of(move), "state": state, "pullRequest": number, "reasons": said}


def _name(move: Move) -> str:
    if move.returns:
        return f"{move.model} back from {move.version} in {move.environment}"
    step = f", {move.step} of {move.steps}" if move.step else ""
    return f"{move.model} {move.version or ''} {move.origin} > {move.environment}{step}"


def _ways(reasons: Sequence[Blocker]) -> Iterator[str]:
    for solution in dict.fromkeys(one.solution for one in reasons):
        yield f"           next: {solution}"
