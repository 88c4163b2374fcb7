"""When Argo CD takes a sync window for active, and where that is not when the gate's entry holds.

It adds the zone's present offset to the instant, and looks whether a start lies less than the
window's length before that (Argo CD 3.6.1, ``pkg/apis/application/v1alpha1/types.go``,
``InlineSyncWindow.active`` and ``scheduleOffsetByTimeZone``). So starts and lengths are those of
the clock's face, also where clocks are changed, where the gate's hours are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain, pairwise
from zoneinfo import ZoneInfo

from turnpike.schedule.occurrences import Occurrence, Occurrences
from turnpike.schedule.recurring import Recurrence

YEARS = 28
"""After so many years every date has the same day of the week again."""

_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_MARGIN = 2 * _DAY


def first_difference(
    entry: Occurrences, length: timedelta, around: Iterable[datetime]
) -> datetime | None:
    """Return the first instant near those given at which Argo CD would not hold as the entry does.

    It would be told of the entry's own starts, with a length on the clock's face.
    """
    for instant in around:
        lower, upper = instant - _MARGIN, instant + length + _MARGIN
        meant = _joined(entry.held(lower, upper), lower, upper)
        shown = _joined(
            _on_the_face(entry.zone, entry.recurrence, length, lower, upper), lower, upper
        )
        if meant != shown:
            return min({*chain(*meant)} ^ {*chain(*shown)})
    return None


@lru_cache(maxsize=256)
def changes_of_clocks(zone: ZoneInfo, first: date, years: int = YEARS) -> tuple[datetime, ...]:
    """Return the instants from a day on, to the minute, at which a zone's clocks are changed."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    days = [start + number * _DAY for number in range(years * 366)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    return tuple(
        _change_between(zone, days[number], days[number + 1])
        for number in range(len(days) - 1)
        if offsets[number] != offsets[number + 1]
    )


def _change_between(zone: ZoneInfo, lower: datetime, upper: datetime) -> datetime:
    before = lower.astimezone(zone).utcoffset()
    while upper - lower > _MINUTE:
        middle = lower + (upper - lower) // _MINUTE // 2 * _MINUTE
        same = middle.astimezone(zone).utcoffset() == before
        lower, upper = (middle, upper) if same else (lower, middle)
    return upper


def _on_the_face(
    zone: ZoneInfo, recurrence: Recurrence, length: timedelta, lower: datetime, upper: datetime
) -> Iterator[Occurrence]:
    """Yield when a face shows one of the times: offset by offset, for it may show them twice."""
    changes = changes_of_clocks(zone, lower.date(), (upper - lower).days // 366 + 1)
    edges = (lower, *(one for one in changes if lower < one < upper), upper)
    for begin, end in pairwise(edges):
        offset = begin.astimezone(zone).utcoffset() or timedelta()
        face = (begin + offset).replace(tzinfo=None), (end + offset).replace(tzinfo=None)
        for first, last in recurrence.runs(face[0] - length, face[1], length):
            start, finish = first - offset, last + length - offset
            yield Occurrence(
                max(start.replace(tzinfo=UTC), begin), min(finish.replace(tzinfo=UTC), end)
            )


def _joined(found: Iterable[Occurrence], lower: datetime, upper: datetime) -> list[Occurrence]:
    """Return stretches within limits, in order; what leaves no gap as one."""
    joined: list[Occurrence] = []
    for one in sorted(Occurrence(max(s, lower), min(e, upper)) for s, e in found):
        if one.start >= one.end:
            continue
        if joined and one.start <= joined[-1].end:
            joined[-1] = Occurrence(joined[-1].start, max(joined[-1].end, one.end))
        else:
            joined.append(one)
    return joined
