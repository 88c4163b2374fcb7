"""The occurrences of one entry: instants from which and until which it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from turnpike.schedule.local_time import instant_of, passes_of
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
    """All occurrences of one entry, for any stretch of time."""

    entry: Window | Freeze
    zone: ZoneInfo
    recurrence: Recurrence
    until: datetime | None
    length: Duration | None
    end: datetime | None

    def between(self, lower: datetime, upper: datetime) -> list[Occurrence]:
        """Return those that overlap ``[lower, upper)``, by their start; empty ones never hold.

        Occurrences of one day that leave no minute between them come as one.
        """
        earliest = lower.replace(tzinfo=None) - _MARGIN - self._longest()
        last = upper if self.until is None else min(upper, self.until)
        latest = last.replace(tzinfo=None) + _MARGIN
        reach = self.length.nominal if self.length else timedelta()
        found = (
            one
            for first, last in self.recurrence.runs(earliest, latest, reach)
            for one in self._holding(first, last)
            if one.start < upper and lower < one.end and one.start < one.end
        )
        return sorted(found)

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
        if self.until is not None and self.until < instant_of(last, self.zone):
            return False
        days = timedelta(days=self.length.days if self.length else 0)
        return self._is_of_one_offset(first, last) and (
            not days or self._is_of_one_offset(first + days, last + days)
        )

    def _is_of_one_offset(self, first: datetime, last: datetime) -> bool:
        zoned = (at.replace(tzinfo=self.zone, fold=fold) for at in (first, last) for fold in (0, 1))
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
        return (start for start in starts if self.until is None or start <= self.until)

    def _end(self, local: datetime, start: datetime) -> datetime:
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
    return Occurrences(
        entry=entry,
        zone=zone(entry.timezone),
        recurrence=_recurrence(entry, rule),
        until=rule.until if rule else None,
        length=duration_of(entry.duration) if entry.duration else None,
        end=local_time_of(entry.end) if entry.end else None,
    )


def _recurrence(entry: Window | Freeze, rule: RecurrenceRule | None) -> Recurrence:
    if entry.cron:
        return cron_starts(entry.cron)
    start = local_time_of(entry.start or "")
    return rule_starts(rule, start) if rule else Once(start)
