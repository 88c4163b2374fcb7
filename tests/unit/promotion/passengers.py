"""Moves of many models into one environment, to be grouped, boarded and told of."""

from __future__ import annotations

from datetime import datetime

from turnpike.documents.identifiers import digest_of
from turnpike.judge.layout import ModelKey
from turnpike.promotion.move import Blocker, Move
from unit.judge.examples import NOW

TEAM = "oncology"


def key(name: str, team: str = TEAM) -> ModelKey:
    return ModelKey(team, name)


def blocker(code: str, until: datetime | None = None) -> Blocker:
    return Blocker(code, f"it waits for {code}", until, f"Do what {code} asks for.")


def move(
    name: str, *blockers: Blocker, group: str | None = None, team: str = TEAM, version: str = "1"
) -> Move:
    """Return a move from dev to staging; its earliest moment follows from what blocks it."""
    ends = [one.until for one in blockers]
    known = [end for end in ends if end is not None]
    return Move(
        model=key(name, team),
        origin="dev",
        environment="staging",
        targets=("local",),
        version=version,
        artifact=digest_of(name.encode()),
        blockers=blockers,
        approvals=(),
        earliest=max([NOW, *known]) if len(known) == len(ends) else None,
        group=group,
    )
