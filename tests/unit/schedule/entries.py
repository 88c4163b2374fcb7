"""Windows and freezes as documents, each with the same thing in the words of the oracle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import strategies as st

from turnpike.topology.window import LOCAL_TIME, Freeze, Window
from unit.schedule.simulation import Rule, Starts

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Told:
    """When something starts: as the fields of a document, and as a predicate."""

    fields: dict[str, str]
    starts: Starts
    both: bool = False


def window(name: str, zone: str, **fields: str) -> Window:
    """Return a window of these fields."""
    return Window.model_validate({"name": name, "timezone": zone, **fields})


def freeze(name: str, zone: str, **fields: str) -> Freeze:
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
        on_face = local.minute == start.minute and local.hour % interval == start.hour % interval
        return local >= start and on_face

    return Told(_fields(start, f"FREQ=HOURLY;INTERVAL={interval}"), starts, both=True)


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
    return st.one_of(
        st.builds(once, moments),
        st.builds(daily, earlier, st.integers(1, 3)),
        st.builds(weekly, earlier, st.integers(1, 2), weekdays),
        st.builds(monthly_last, earlier, st.integers(0, 6)),
        st.builds(hourly, earlier, st.sampled_from((1, 2, 3, 6))),
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
    return Rule(told.starts, told.both, days, minutes)
