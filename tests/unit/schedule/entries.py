"""Windows and freezes as documents, each with the same thing in the words of the oracle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from turnpike.topology.window import LOCAL_TIME, Freeze, Window
from unit.schedule.simulation import MINUTE, Rule, Starts

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Told:
    """When something starts: as the fields of a document, and as a predicate."""

    fields: Mapping[str, object]
    starts: Starts
    both: bool = False
    count: int | None = None
    since: datetime | None = None
    added: frozenset[datetime] = frozenset()
    removed: frozenset[datetime] = frozenset()


def window(name: str, zone: str, **fields: object) -> Window:
    """Return a window of these fields."""
    return Window.model_validate({"name": name, "timezone": zone, **fields})


def freeze(name: str, zone: str, **fields: object) -> Freeze:
    """Return a freeze of these fields."""
    return Freeze.model_validate({"name": name, "timezone": zone, **fields})


def _monday(moment: datetime) -> datetime:
    return (moment - timedelta(days=moment.weekday())).replace(hour=0, minute=0)


def daily(start: datetime, interval: int) -> Told:
    def starts(local: datetime) -> bool:
        days = (local.date() - start.date()).days
        return local >= start and local.time() == start.time() and days % interval == 0

    return Told(_fields(start, f"FREQ=DAILY;INTERVAL={interval}"), starts)


def weekly(start: datetime, interval: int, days: frozenset[int]) -> Told:
    def starts(local: datetime) -> bool:
        weeks = (_monday(local) - _monday(start)).days // 7
        on_time = local >= start and local.time() == start.time()
        return on_time and local.weekday() in days and weeks % interval == 0

    named = ",".join(DAYS[day] for day in sorted(days))
    return Told(_fields(start, f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={named}"), starts)


def monthly_last(start: datetime, day: int) -> Told:
    def starts(local: datetime) -> bool:
        is_last = (local + timedelta(days=7)).month != local.month
        on_time = local >= start and local.time() == start.time()
        return on_time and is_last and local.weekday() == day

    return Told(_fields(start, f"FREQ=MONTHLY;BYDAY=-1{DAYS[day]}"), starts)


def leap_day(start: datetime) -> Told:
    def starts(local: datetime) -> bool:
        return (local.month, local.day) == (2, 29) and local.time() == start.time()

    return Told(_fields(start, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"), starts)


def hourly(start: datetime, interval: int) -> Told:
    def starts(local: datetime) -> bool:
        hours, minutes = divmod(int((local - start) / MINUTE), 60)
        return local >= start and not minutes and hours % interval == 0

    return Told(_fields(start, f"FREQ=HOURLY;INTERVAL={interval}"), starts)


def minutely(start: datetime, interval: int) -> Told:
    def starts(local: datetime) -> bool:
        return local >= start and int((local - start) / MINUTE) % interval == 0

    return Told(_fields(start, f"FREQ=MINUTELY;INTERVAL={interval}"), starts)


def last_quarter(start: datetime, hours: frozenset[int]) -> Told:
    """The last but one of an hour's quarters, in some hours: ``BYSETPOS`` below a day."""

    def starts(local: datetime) -> bool:
        return local >= start and local.hour in hours and local.minute == 30

    named = ",".join(map(str, sorted(hours)))
    rule = f"FREQ=HOURLY;BYHOUR={named};BYMINUTE=0,15,30,45;BYSETPOS=-2"
    return Told(_fields(start, rule), starts)


def counted(told: Told, count: int) -> Told:
    """The same, ended after so many; it must have a rule, which starts in the days before."""
    fields = {**told.fields, "rrule": f"{told.fields['rrule']};COUNT={count}"}
    start = datetime.fromisoformat(str(told.fields["start"])).replace(tzinfo=UTC)
    return replace(told, fields=fields, count=count, since=start - timedelta(days=1))


def excepted(told: Told, added: frozenset[datetime], removed: frozenset[datetime]) -> Told:
    """The same with starts besides, from its own on, and some taken out."""
    start = datetime.fromisoformat(str(told.fields["start"]))
    added = frozenset(one for one in added if one >= start)
    fields = {**told.fields, "rdate": _texts(added), "exdate": _texts(removed)}
    return replace(told, fields=fields, added=added, removed=removed)


def _texts(moments: frozenset[datetime]) -> tuple[str, ...]:
    return tuple(moment.strftime(LOCAL_TIME) for moment in sorted(moments))


def cron_daily(hour: int, minute: int) -> Told:
    def starts(local: datetime) -> bool:
        return (local.hour, local.minute) == (hour, minute)

    return Told({"cron": f"{minute} {hour} * * *"}, starts)


def cron_stepping(step: int) -> Told:
    def starts(local: datetime) -> bool:
        return local.minute % step == 0

    return Told({"cron": f"*/{step} * * * *"}, starts, both=True)


def once(start: datetime) -> Told:
    return Told({"start": start.strftime(LOCAL_TIME)}, lambda local: local == start)


def _fields(start: datetime, rrule: str) -> dict[str, str]:
    return {"start": start.strftime(LOCAL_TIME), "rrule": rrule}


def tellings(around: datetime) -> st.SearchStrategy[Told]:
    """Return what may start around a local day, most of it in the small hours."""
    hours = st.sampled_from((0, 1, 2, 3, 9, 12, 22, 23))
    clock = st.tuples(st.integers(-2, 2), hours, st.sampled_from((0, 1, 15, 30, 59)))
    moments = clock.map(lambda c: around.replace(hour=c[1], minute=c[2]) + timedelta(days=c[0]))
    earlier = st.tuples(moments, st.integers(0, 40)).map(lambda m: m[0] - timedelta(days=m[1]))
    weekdays = st.frozensets(st.integers(0, 6), min_size=1)
    by_day = st.one_of(
        st.builds(daily, earlier, st.integers(1, 3)),
        st.builds(weekly, earlier, st.integers(1, 2), weekdays),
        st.builds(monthly_last, earlier, st.integers(0, 6)),
    )
    within_a_day = st.one_of(
        st.builds(hourly, earlier, st.sampled_from((1, 2, 3, 5, 7, 25))),
        st.builds(minutely, earlier, st.sampled_from((7, 20, 61, 1441))),
        st.builds(last_quarter, earlier, st.frozensets(st.integers(0, 4), min_size=1)),
    )
    near = st.builds(hourly, moments, st.sampled_from((1, 2, 5))) | st.builds(
        minutely, moments, st.sampled_from((7, 30))
    )
    ended = st.builds(counted, near, st.integers(1, 40))
    some = st.frozensets(moments, min_size=1, max_size=4)
    ruled = by_day | within_a_day
    return st.one_of(
        st.builds(once, moments),
        ruled,
        ended,
        st.builds(excepted, ruled | ended, some, some),
        st.builds(cron_daily, hours, st.sampled_from((0, 30, 59))),
        st.builds(cron_stepping, st.sampled_from((7, 15, 30))),
    )


LENGTHS: dict[str, tuple[int, int]] = {
    "PT1M": (0, 1),
    "PT30M": (0, 30),
    "PT90M": (0, 90),
    "PT8H": (0, 480),
    "P1D": (1, 0),
    "P1DT2H": (1, 120),
}
"""Durations as documents have them, and their days and minutes."""


def rule_of(told: Told, length: str) -> Rule:
    """Return the oracle's form of it."""
    days, minutes = LENGTHS[length]
    return Rule(
        told.starts, told.both, days, minutes, told.count, told.since, told.added, told.removed
    )
