"""Windows and freezes as sync windows of Argo CD: exactly the same times, or none at all.

Argo CD combines them as the gate does: an active ``deny`` beats every ``allow``, and where one
``allow`` is of an Application, one has to be active (``SyncWindows.CanSync``). Its cron has no
year, no n-th day of the week and no interval, and it knows no tier. What happens once is told by
its date, which is exact for a year from its start. A window that is over is told with no length,
for it still keeps closed what no other one opens; a freeze that is over is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from turnpike.schedule.clock_face import YEARS, changes_of_clocks, first_difference
from turnpike.schedule.local_time import instant_of
from turnpike.schedule.occurrences import Occurrences, occurrences_of
from turnpike.schedule.recurring import Once
from turnpike.topology.sync_window import SyncWindow
from turnpike.topology.window import Freeze, Schedule, Window

_DAY = timedelta(days=1)
_HORIZON = YEARS * 366 * _DAY
_Told = tuple[str, timedelta]


@dataclass(frozen=True, slots=True)
class Unsayable:
    """The field, such as ``freezes.2.rrule``, that no sync window says, and what one would say."""

    field: str
    expected: str
    actual: str


def sync_windows(
    schedule: Schedule, environment: str, at: datetime
) -> tuple[tuple[SyncWindow, ...], tuple[Unsayable, ...]]:
    """Return an environment's sync windows from ``at`` on, and what of its entries none says."""
    found = [
        (place, one)
        for place, entry in _entries(schedule)
        if not entry.environments or environment in entry.environments
        for one in _said(entry, at)
    ]
    return (
        tuple(one for _, one in found if isinstance(one, SyncWindow)),
        tuple(
            replace(one, field=f"{place}.{one.field}")
            for place, one in found
            if isinstance(one, Unsayable)
        ),
    )


def _entries(schedule: Schedule) -> Iterator[tuple[str, Window | Freeze]]:
    for number, window in enumerate(schedule.windows):
        yield f"windows.{number}", window
    for number, freeze in enumerate(schedule.freezes):
        yield f"freezes.{number}", freeze


def _said(entry: Window | Freeze, at: datetime) -> Iterator[SyncWindow | Unsayable]:
    if entry.tiers:
        yield Unsayable("tiers", "none, for Argo CD knows no tier", ", ".join(entry.tiers))
        return
    subjects = _subjects(entry)
    kind: Literal["allow", "deny"] = "allow" if isinstance(entry, Window) else "deny"
    occurrences = occurrences_of(entry)
    for told in (*_recurring(occurrences, at), *_once(occurrences, at)):
        if isinstance(told, Unsayable):
            yield told
        elif subjects and (told[1] or kind == "allow"):
            yield SyncWindow(kind, *told, entry.timezone, subjects, entry.name)


def _subjects(entry: Window | Freeze) -> tuple[tuple[str, str], ...]:
    """Return of whom an entry speaks: of all that both of its lists name."""
    if entry.models:
        pairs = [(team, model) for team, _, model in (one.partition("/") for one in entry.models)]
        return tuple(sorted(one for one in pairs if not entry.teams or one[0] in entry.teams))
    return tuple((team, "*") for team in sorted(entry.teams)) or (("*", "*"),)


def _recurring(entry: Occurrences, at: datetime) -> Iterator[_Told | Unsayable]:
    length = entry.length.nominal if entry.length else timedelta()
    if isinstance(entry.recurrence, Once):
        return
    later = [one for one in entry.excluded if one + length + _DAY > at]
    expression = _expression(entry, at)
    if later:
        yield Unsayable("exdate", "none to come", f"one at {later[0]:%Y-%m-%dT%H:%MZ}")
    elif expression is None:
        yield Unsayable(
            "cron" if entry.entry.cron else "rrule",
            "the same times on some days of the week, or on some dates, from now on and for ever",
            entry.entry.cron or entry.entry.rrule or "",
        )
    else:
        alone = replace(entry, added=(), excluded=())
        changes = changes_of_clocks(entry.zone, at.date())
        yield _told_alike(alone, expression, length, changes)


def _once(entry: Occurrences, at: datetime) -> Iterator[_Told | Unsayable]:
    begun = (entry.recurrence.start,) if isinstance(entry.recurrence, Once) else ()
    for local in (*begun, *entry.added):
        start = instant_of(local, entry.zone)
        if start not in entry.excluded:
            yield _one(entry, local, (start, entry.end_of(local, start)), at)


def _one(
    entry: Occurrences, local: datetime, times: tuple[datetime, datetime], at: datetime
) -> _Told | Unsayable:
    begin, end, now = (one.astimezone(entry.zone).replace(tzinfo=None) for one in (*times, at))
    expression = f"{begin.minute} {begin.hour} {begin.day} {begin.month} *"
    if times[1] <= at:
        return expression, timedelta()
    if _the_time_before(begin) + (end - begin) > now:
        return Unsayable(
            "rdate" if local in entry.added else "start",
            "a start within a year, and an end within one of it, for Argo CD's cron knows no year",
            f"{local:%Y-%m-%dT%H:%M} until {end:%Y-%m-%dT%H:%M}",
        )
    alone = replace(entry, recurrence=Once(begin), added=(), excluded=(), until=None)
    return _told_alike(alone, expression, end - begin, times)


def _the_time_before(begin: datetime) -> datetime:
    """Return when the date was last; after 29 February that was four years ago, and no less."""
    is_leap_day = (begin.month, begin.day) == (2, 29)
    return begin.replace(year=begin.year - (4 if is_leap_day else 1))


def _told_alike(
    entry: Occurrences, expression: str, length: timedelta, around: Iterable[datetime]
) -> _Told | Unsayable:
    """Return what Argo CD is told, unless it would hold at other times where clocks are changed."""
    differs = first_difference(entry, length, around)
    if differs is None:
        return expression, length
    return Unsayable(
        "duration" if entry.length else "end",
        "times that don't meet a change of clocks; days counted as days (P2DT12H, not PT60H); or"
        " timezone UTC",
        f"by the clock's face, which Argo CD goes by, others from {differs:%Y-%m-%dT%H:%MZ} on",
    )


def _expression(entry: Occurrences, at: datetime) -> str | None:
    """Return the five fields of the starts from a day on; None where no such fields say them."""
    if entry.until is not None:
        return None
    first = datetime.combine(at.astimezone(entry.zone).date(), time())
    days: dict[date, tuple[time, time]] = {}
    for begin, end in entry.recurrence.runs(first, first + _HORIZON, _DAY):
        known = days.get(begin.date(), (begin.time(), end.time()))
        days[begin.date()] = (known[0], end.time())
    if len(set(days.values())) != 1:
        return None
    clock, dates = _clock(entry, min(days)), _dates(days.keys(), first.date())
    return None if clock is None or dates is None else f"{clock} {dates}"


def _clock(entry: Occurrences, day: date) -> str | None:
    """Return the fields of minutes and hours: each of these minutes in each of these hours."""
    start = datetime.combine(day, time())
    times = {(one.hour, one.minute) for one in entry.recurrence.starts(start, start + _DAY)}
    hours, minutes = {hour for hour, _ in times}, {minute for _, minute in times}
    if len(times) != len(hours) * len(minutes):
        return None
    return f"{_field(minutes, range(60))} {_field(hours, range(24))}"


def _dates(found: Iterable[date], first: date) -> str | None:
    """Return the fields of dates, months and days of the week, of which Argo CD joins any two."""
    met, all_days = set(found), [first + number * _DAY for number in range(_HORIZON.days)]
    months = {day.month for day in met}
    for of_month in (False, True):
        chosen = {day.day if of_month else day.isoweekday() % 7 for day in met}
        same = {
            day
            for day in all_days
            if day.month in months and (day.day if of_month else day.isoweekday() % 7) in chosen
        }
        if same == met:
            named = _field(chosen, range(1, 32) if of_month else range(7))
            told = (named, "*") if of_month else ("*", named)
            return f"{told[0]} {_field(months, range(1, 13))} {told[1]}"
    return None


def _field(chosen: Iterable[int], whole: range) -> str:
    listed = sorted(chosen)
    return "*" if listed == list(whole) else ",".join(map(str, listed))
