"""An interval: what the looks at one deployment between two instants say together, purely."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from turnpike.cluster.interface import Look
from turnpike.observing.quality import Quality, worse_of


@dataclass(frozen=True, slots=True)
class Interval:
    """What was seen from one instant until another; healthy where ``fault`` is empty.

    ``quality`` is what its answers to held-out records were worth, where anybody asked.

    ``latency_p95_milliseconds`` is of the predictions that were answered, 0 where none was.
    """

    started_at: datetime
    finished_at: datetime
    requests: int
    errors: int
    latency_p95_milliseconds: float
    fault: str
    quality: Quality = ()

    @property
    def is_healthy(self) -> bool:
        """Tell whether every look was answered rightly, and within the promise."""
        return not self.fault


def interval_of(
    looks: Sequence[Look], before: Look | None, longest_gap: timedelta, promised: float | None
) -> Interval:
    """Return what looks say together, of which there is at least one.

    Time from the look ``before`` them on counts as seen, unless it is too long ago: nobody knows
    what was in a gap. After a fault, time counts as healthy from the next good look on only.
    """
    failed = [look for look in looks if look.fault]
    latency = percentile_95([1000 * look.seconds for look in looks if not look.fault])
    return Interval(
        started_at=_start_of(looks[0], before, longest_gap),
        finished_at=looks[-1].finished_at,
        requests=len(looks),
        errors=len(failed),
        latency_p95_milliseconds=latency,
        fault=failed[0].fault if failed else _broken_promise(latency, promised),
    )


def parted(
    looks: Sequence[Look], before: Look | None, longest_gap: timedelta
) -> tuple[tuple[Look, ...], ...]:
    """Return the looks in runs without a gap that is too long, or a clock that was set back."""
    runs: list[list[Look]] = []
    last = before
    for look in looks:
        if not runs or not _follows(look, last, longest_gap):
            runs.append([])
        runs[-1].append(look)
        last = look
    return tuple(tuple(run) for run in runs)


def joined(earlier: Interval, later: Interval) -> Interval | None:
    """Return one interval that says both; None unless they meet, and are both of one kind.

    The latency is the greater one: at least 95 of 100 answers of both together were as quick. The
    quality is the worse one.
    """
    if earlier.finished_at != later.started_at or earlier.is_healthy != later.is_healthy:
        return None
    return Interval(
        started_at=earlier.started_at,
        finished_at=later.finished_at,
        requests=earlier.requests + later.requests,
        errors=earlier.errors + later.errors,
        latency_p95_milliseconds=max(
            earlier.latency_p95_milliseconds, later.latency_p95_milliseconds
        ),
        fault=later.fault,
        quality=worse_of(earlier.quality, later.quality),
    )


def percentile_95(values: Sequence[float]) -> float:
    """Return the smallest value that at least 95 of 100 do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return round(ordered[math.ceil(0.95 * len(ordered)) - 1], 3) if ordered else 0.0


def _start_of(first: Look, before: Look | None, longest_gap: timedelta) -> datetime:
    if before is None or not _follows(first, before, longest_gap):
        return first.started_at
    recovers = before.fault and not first.fault
    return first.started_at if recovers else before.finished_at


def _follows(look: Look, before: Look | None, longest_gap: timedelta) -> bool:
    gap = look.started_at - before.finished_at if before else timedelta()
    return timedelta() <= gap <= longest_gap


def _broken_promise(latency: float, promised: float | None) -> str:
    if promised is None or latency <= promised:
        return ""
    return f"too slow: {latency:.0f} ms at the 95th percentile, promised are {promised:.0f} ms"
