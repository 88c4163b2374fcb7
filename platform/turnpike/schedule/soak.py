"""How long something was seen healthy: only time that a sighting covers counts towards a soak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was seen from one instant until just before another; both are aware."""

    started_at: datetime
    finished_at: datetime
    healthy: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """An offset from the epoch at which a sighting begins (+1) or ends (-1)."""

    at: timedelta
    healthy: int
    unhealthy: int


def healthy_time(sightings: Iterable[Sighting], until: datetime) -> timedelta:
    """Return the time before ``until`` that was seen healthy, and by nobody unhealthy.

    Time that no sighting covers does not count. An unhealthy sighting beats every healthy one of
    the same time. A sighting that ends no later than it starts says nothing. Neither order nor
    repetition matters.
    """
    steps = sorted(_steps(sightings, _offset(until)), key=lambda step: step.at)
    return sum((later - earlier for earlier, later in _healthy_spans(steps)), _NONE)


def _steps(sightings: Iterable[Sighting], until: timedelta) -> Iterator[_Step]:
    for one in sightings:
        start, end = _offset(one.started_at), min(_offset(one.finished_at), until)
        if start < end:
            yield _Step(start, int(one.healthy), int(not one.healthy))
            yield _Step(end, -int(one.healthy), -int(not one.healthy))


def _healthy_spans(steps: Iterable[_Step]) -> Iterator[tuple[timedelta, timedelta]]:
    for (at, counted), (following, _) in pairwise(_states(steps)):
        if counted:
            yield at, following


def _states(steps: Iterable[_Step]) -> Iterator[tuple[timedelta, bool]]:
    """Yield each offset at which something changes, and whether time counts from there on."""
    healthy = unhealthy = 0
    for at, together in groupby(steps, key=lambda step: step.at):
        for step in together:
            healthy, unhealthy = healthy + step.healthy, unhealthy + step.unhealthy
        yield at, healthy > 0 and not unhealthy


def _offset(moment: datetime) -> timedelta:
    # As a distance, not in UTC: the year 9999 in a western zone is no datetime in UTC any more.
    return moment - _EPOCH
