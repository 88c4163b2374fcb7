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
_DAY = timedelta(days=1)
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

        Each start has to last until the next one. A margin of ``_MARGIN`` on both sides holds the
        last start before and the ends after.
        """
        spacing, length = self.recurrence.spacing, self.length
        if spacing is None or length is None or length.nominal < spacing.longest:
            return False
        first = lower.replace(tzinfo=None) - _MARGIN - spacing.longest
        return (
            spacing.begin <= first
            and (self.until is None or upper <= self.until)
            and not self._is_excluded(first.replace(tzinfo=UTC) - _MARGIN, upper)
            and self._reaches_the_next(
                length, spacing.longest, self._change(first, upper.replace(tzinfo=None) + _MARGIN)
            )
        )

    def _reaches_the_next(self, length: Duration, longest: timedelta, change: timedelta) -> bool:
        """Tell whether starts so far apart on the clock's face leave no gap, whatever it does.

        Where the clock is not changed they are as far apart in truth. Else the next start may come
        later by the change. Of those that follow its face some may not come at all, but the change
        parts a day in two, of which one is long enough to have a start. An end on a day of the
        calendar may come earlier by the change.
        """
        if not change:
            return length.nominal >= longest
        follows = self.recurrence.follows_clock
        apart = 2 * longest - _MINUTE if follows else longest + change
        if change % _MINUTE or (follows and apart > _DAY):
            return False
        return length.nominal - (change if length.days else timedelta()) >= apart

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
                yield Occurrence(start, self.end_of(local, start))

    def _holding(self, first: datetime, last: datetime) -> Iterator[Occurrence]:
        """Yield when a run of starts holds: at once, but where a change of clocks may tear it."""
        if first == last:
            yield from self._starting(first)
        elif self._is_even(first, last):
            yield self._whole(first, last)
        else:
            yield from self._torn(tuple(self.recurrence.starts(first, last + _MINUTE)))

    def _torn(self, starts: tuple[datetime, ...]) -> Iterator[Occurrence]:
        """Yield when starts of one day hold: those before and after a change of clocks at once."""
        if len(starts) == 1:
            yield from self._starting(starts[0])
        elif self._is_even(starts[0], starts[-1]):
            yield self._whole(starts[0], starts[-1])
        else:
            yield from self._torn(starts[: len(starts) // 2])
            yield from self._torn(starts[len(starts) // 2 :])

    def _whole(self, first: datetime, last: datetime) -> Occurrence:
        return Occurrence(
            instant_of(first, self.zone), self.end_of(last, instant_of(last, self.zone))
        )

    def _starting(self, local: datetime) -> Iterator[Occurrence]:
        for start in self._instants(local):
            yield Occurrence(start, self.end_of(local, start))

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

    def _change(self, first: datetime, last: datetime) -> timedelta:
        """Return by how much clocks are changed, for none is changed and changed back in a day."""
        days = (first + _DAY * number for number in range((last - first).days + 1))
        offsets = {day.replace(tzinfo=self.zone).utcoffset() or timedelta() for day in days}
        return max(offsets) - min(offsets)

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

    def end_of(self, local: datetime, start: datetime) -> datetime:
        """Return the end: days are those of the calendar, hours and minutes are exact."""
        if self.end is not None:
            return instant_of(self.end, self.zone)
        length = self.length or Duration(0, 0)
        exact = timedelta(minutes=length.minutes)
        if not length.days:
            return start + exact
        return instant_of(local + timedelta(days=length.days), self.zone) + exact


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
