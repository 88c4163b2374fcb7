"""An interval: what the looks at one deployment between two instants say together, purely."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from turnpike.cluster.interface import Look
from turnpike.observing.quality import Quality, worse_of
from turnpike.observing.traffic import Traffic, traffic_of

UNASKED = "nobody asked it for a prediction in that time, so that nothing is known of its answers"


@dataclass(frozen=True, slots=True)
class Interval:
    """What was seen from one instant until another; healthy where ``fault`` is empty.

    ``quality`` is what its answers to held-out records were worth, where anybody asked.

    ``latency_p95_milliseconds`` is of the predictions that were answered, 0 where none was.
    ``unread`` says why nothing is known of it, which is neither well nor ill. Of intervals that
    were joined, ``worst_error_rate`` is the greatest.
    """

    started_at: datetime
    finished_at: datetime
    requests: int
    errors: int
    latency_p95_milliseconds: float
    fault: str
    quality: Quality = ()
    unread: str = ""
    worst_error_rate: float = 0.0

    @property
    def is_healthy(self) -> bool:
        """Tell whether every look was answered rightly, and within the promise."""
        return not self.fault and not self.unread

    @property
    def error_rate(self) -> float:
        """Return the share of requests that failed, which holds for each part of the time."""
        own = self.errors / self.requests if self.requests else 0.0
        return max(own, self.worst_error_rate)


@dataclass(frozen=True, slots=True)
class Promise:
    """The greatest latency at the 95th percentile, and the greatest share of failed requests.

    ``milliseconds`` is None where nothing is promised.
    """

    milliseconds: float | None = None
    errors: float = 0.0


def interval_of(
    looks: Sequence[Look], before: Look | None, longest_gap: timedelta, promised: Promise
) -> Interval:
    """Return what looks say together, of which there is at least one.

    Time from the look ``before`` them on counts as seen, unless it is too long ago: nobody knows
    what was in a gap. After a fault, time counts as healthy from the next good look on only.

    Where the looks bring tallies, the requests are those of consumers. A time in which there was
    none is no healthy one.
    """
    traffic = _counted(looks, before, longest_gap) or _asked(looks)
    wrong = next((look.fault for look in looks if look.fault), "")
    fault = wrong or _broken_promise(traffic, promised)
    unread = next((look.unread for look in looks if look.unread), "")
    return Interval(
        started_at=_start_of(looks[0], before, longest_gap),
        finished_at=looks[-1].finished_at,
        requests=traffic.requests,
        errors=traffic.errors,
        latency_p95_milliseconds=traffic.milliseconds_p95,
        fault="" if unread else fault,
        unread=unread or (UNASKED if not fault and not traffic.requests else ""),
    )


def parted(
    looks: Sequence[Look], before: Look | None, longest_gap: timedelta
) -> tuple[tuple[Look, ...], ...]:
    """Return the looks in runs without a gap that is too long, or a clock that was set back.

    Those that nobody could look are runs of their own.
    """
    runs: list[list[Look]] = []
    last = before
    for look in looks:
        is_other = last is not None and bool(last.unread) != bool(look.unread)
        if not runs or is_other or not _follows(look, last, longest_gap):
            runs.append([])
        runs[-1].append(look)
        last = look
    return tuple(tuple(run) for run in runs)


def joined(earlier: Interval, later: Interval) -> Interval | None:
    """Return one interval that says both; None unless they meet, and are both of one kind.

    The latency is the greater one: at least 95 of 100 answers of both together were as quick. So is
    the error rate. The quality is the worse one. What is not known is of no kind.
    """
    if earlier.finished_at != later.started_at or earlier.is_healthy != later.is_healthy:
        return None
    if earlier.unread or later.unread:
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
        worst_error_rate=max(earlier.error_rate, later.error_rate),
    )


def percentile_95(values: Sequence[float]) -> float:
    """Return the smallest value that at least 95 of 100 do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return round(ordered[math.ceil(0.95 * len(ordered)) - 1], 3) if ordered else 0.0


def _asked(looks: Sequence[Look]) -> Traffic:
    """Return looks as the requests that they were themselves."""
    answered = [1000 * look.seconds for look in looks if not look.fault]
    return Traffic(len(looks), len(looks) - len(answered), percentile_95(answered))


def _counted(looks: Sequence[Look], before: Look | None, longest_gap: timedelta) -> Traffic | None:
    """Return what pods counted; None where no look has a tally."""
    is_followed = before is not None and _follows(looks[0], before, longest_gap)
    all_of_it = [before, *looks] if before and is_followed else looks
    tallies = [look.tally for look in all_of_it if look.tally is not None]
    return traffic_of(tallies) if tallies else None


def _start_of(first: Look, before: Look | None, longest_gap: timedelta) -> datetime:
    if before is None or before.unread or not _follows(first, before, longest_gap):
        return first.started_at
    recovers = before.fault and not first.fault
    return first.started_at if recovers else before.finished_at


def _follows(look: Look, before: Look | None, longest_gap: timedelta) -> bool:
    gap = look.started_at - before.finished_at if before else timedelta()
    return timedelta() <= gap <= longest_gap


def _broken_promise(traffic: Traffic, promised: Promise) -> str:
    if traffic.error_rate > promised.errors:
        return (
            f"{traffic.errors} of {traffic.requests} requests failed,"
            f" promised are {promised.errors:.2%} at most"
        )
    latency, limit = traffic.milliseconds_p95, promised.milliseconds
    if limit is None or (latency <= limit and not traffic.is_beyond):
        return ""
    more = "more than " if traffic.is_beyond else ""
    return f"too slow: {more}{latency:.0f} ms at the 95th percentile, promised are {limit:.0f} ms"
