"""The occurrences of one entry: instants from which and until which it holds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import NamedTuple
from zoneinfo import ZoneInfo

from turnpike.schedule.local_time import instant_of, local_times_of, passes_of
from turnpike.schedule.recurring import Once, Recurrence, cron_starts, rule_starts
from turnpike.topology.duration import Duration, duration_of
from turnpike.topology.recurrence import RecurrenceRule, rule_of
from turnpike.topology.window import Freeze, Window, local_time_of
from turnpike.topology.zone import zone

_MINUTE = timedelta(minutes=1)
_MARGIN = timedelta(days=2)
"""More than any offset from UTC and any change of clocks, that of Apia in 2011 included."""


class Occurrence(NamedTuple):
    """A half-open interval of instants in UTC; a tuple, because thousands are made at once."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Occurrences:
    """All occurrences of one entry, for any stretch of time.

    ``until`` limits the recurrence. ``added`` are local starts that come besides, ``excluded`` the
    instants at which nothing starts, whatever else says so (RFC 5545, section 3.8.5.1); both are
    in order.
    """

    entry: Window | Freeze
    zone: ZoneInfo
    recurrence: Recurrence
    until: datetime | None
    added: tuple[datetime, ...]
    excluded: tuple[datetime, ...]
    length: Duration | None
    end: datetime | None

    def between(self, lower: datetime, upper: datetime) -> list[Occurrence]:
        """Return those that overlap ``[lower, upper)``, by their start; empty ones never hold.

        Occurrences of one day that leave no minute between them come as one.
        """
        earliest = lower.replace(tzinfo=None) - _MARGIN - self._longest()
        latest = upper.replace(tzinfo=None) + _MARGIN
        found = {
            one
            for one in chain(self._recurring(earliest, latest), self._besides(earliest, latest))
            if one.start < upper and lower < one.end and one.start < one.end
        }
        return sorted(found)

    def held(self, lower: datetime, upper: datetime) -> list[Occurrence]:
        """Return when it holds within ``[lower, upper)``; what leaves no gap comes as one."""
        if self._holds_throughout(lower, upper):
            return [Occurrence(lower, upper)]
        return self.between(lower, upper)

    def _holds_throughout(self, lower: datetime, upper: datetime) -> bool:
        """Tell whether it is plain that it never ends within: no start has to be looked at then.

        Where no clock is changed, starts that are one step apart on its face are so in truth, and
        each lasts until the next one. A margin of ``_MARGIN`` on both sides holds the last start
        before and the ends after; the clocks of no zone are changed and changed back within a day.
        """
        step, length = self.recurrence.step, self.length
        if step is None or length is None or length.nominal < step:
            return False
        first, last = lower.replace(tzinfo=None) - _MARGIN - step, upper.replace(tzinfo=None)
        return (
            next(self.recurrence.starts(first - step, first), None) is not None
            and (self.until is None or upper <= self.until)
            and not self._is_excluded(first.replace(tzinfo=UTC) - _MARGIN - step, upper)
            and self._is_of_one_offset(*_days_from(first - step, last + _MARGIN))
        )

    def would_start(self, local: datetime) -> bool:
        """Tell whether, were none excluded, one would start at the instant of a local time.

        Entries with a cron expression exclude none, and are not asked about here.
        """
        meant = instant_of(local, self.zone)
        recurs = self.until is None or meant <= self.until
        return any(
            one in self.added or (recurs and any(self.recurrence.starts(one, one + _MINUTE)))
            for one in local_times_of(meant, self.zone)
        )

    def _recurring(self, earliest: datetime, latest: datetime) -> Iterator[Occurrence]:
        if self.until is not None:
            # Compared before the margin is added: an end may be the last of all dates.
            latest = min(latest - _MARGIN, self.until.replace(tzinfo=None)) + _MARGIN
        reach = self.length.nominal if self.length else timedelta()
        for first, last in self.recurrence.runs(earliest, latest, reach):
            yield from self._holding(first, last)

    def _besides(self, earliest: datetime, latest: datetime) -> Iterator[Occurrence]:
        for local in self.added[bisect_left(self.added, earliest) :]:
            if local >= latest:
                return
            start = instant_of(local, self.zone)
            if not self._is_excluded(start, start):
                yield Occurrence(start, self._end(local, start))

    def _holding(self, first: datetime, last: datetime) -> Iterator[Occurrence]:
        """Yield when a run of starts holds: at once, but where a change of clocks may tear it."""
        if first != last and self._is_even(first, last):
            end = self._end(last, instant_of(last, self.zone))
            yield Occurrence(instant_of(first, self.zone), end)
            return
        starts = (first,) if first == last else self.recurrence.starts(first, last + _MINUTE)
        for local in starts:
            for start in self._instants(local):
                yield Occurrence(start, self._end(local, start))

    def _is_even(self, first: datetime, last: datetime) -> bool:
        """Tell whether all of a run is meant, and no clock is changed where it starts or ends."""
        start, end = instant_of(first, self.zone), instant_of(last, self.zone)
        if (self.until is not None and self.until < end) or self._is_excluded(start, end):
            return False
        days = timedelta(days=self.length.days if self.length else 0)
        return self._is_of_one_offset(first, last) and (
            not days or self._is_of_one_offset(first + days, last + days)
        )

    def _is_of_one_offset(self, *times: datetime) -> bool:
        zoned = (at.replace(tzinfo=self.zone, fold=fold) for at in times for fold in (0, 1))
        return len({at.utcoffset() for at in zoned}) == 1

    def _longest(self) -> timedelta:
        if self.end is None:
            return self.length.nominal if self.length else timedelta()
        return self.end - local_time_of(self.entry.start or "")

    def _instants(self, local: datetime) -> Iterator[datetime]:
        if self.recurrence.follows_clock:
            starts = passes_of(local, self.zone)
        else:
            starts = (instant_of(local, self.zone),)
        return filter(self._is_meant, starts)

    def _is_meant(self, start: datetime) -> bool:
        in_time = self.until is None or start <= self.until
        return in_time and not self._is_excluded(start, start)

    def _is_excluded(self, first: datetime, last: datetime) -> bool:
        """Tell whether a start from one instant to another, both inclusive, is excluded."""
        place = bisect_left(self.excluded, first)
        return place < len(self.excluded) and self.excluded[place] <= last

    def _end(self, local: datetime, start: datetime) -> datetime:
        """Return the end: days are those of the calendar, hours and minutes are exact."""
        if self.end is not None:
            return instant_of(self.end, self.zone)
        length = self.length or Duration(0, 0)
        exact = timedelta(minutes=length.minutes)
        if not length.days:
            return start + exact
        return instant_of(local + timedelta(days=length.days), self.zone) + exact


def _days_from(first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield two times, and one of each day between them."""
    days = (last - first).days
    return chain((first + timedelta(days=number) for number in range(days + 1)), (last,))


def occurrences_of(entry: Window | Freeze) -> Occurrences:
    """Return when an entry holds."""
    rule = rule_of(entry.rrule) if entry.rrule else None
    place = zone(entry.timezone)
    return Occurrences(
        entry=entry,
        zone=place,
        recurrence=_recurrence(entry, rule, place),
        until=rule.until if rule else None,
        added=tuple(sorted(map(local_time_of, entry.rdate))),
        excluded=tuple(sorted(instant_of(local_time_of(one), place) for one in entry.exdate)),
        length=duration_of(entry.duration) if entry.duration else None,
        end=local_time_of(entry.end) if entry.end else None,
    )


def _recurrence(entry: Window | Freeze, rule: RecurrenceRule | None, place: ZoneInfo) -> Recurrence:
    if entry.cron:
        return cron_starts(entry.cron)
    start = local_time_of(entry.start or "")
    return rule_starts(rule, start, place) if rule else Once(start)
