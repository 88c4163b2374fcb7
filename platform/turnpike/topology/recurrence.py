"""An RFC 5545 recurrence rule (section 3.3.10), read strictly.

What whole minutes can decide is left in: no ``SECONDLY``, no ``BYSECOND``. All else of the RFC is
read, and what its table and notes forbid is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Literal, TypeVar

T = TypeVar("T")
Frequency = Literal["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"]

FREQUENCIES: tuple[Frequency, ...] = (
    "YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY",
)  # fmt: skip
MOST_OCCURRENCES = 10_000
LONGEST_INTERVAL = 99_999

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NUMBER = re.compile(r"[+-]?\d{1,3}", re.ASCII)
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_POSITIVE = re.compile(r"[1-9]\d{0,4}", re.ASCII)
_UNTIL = re.compile(r"\d{8}T\d{6}Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """A day of the week (Monday is 0): each of them, or the n-th of a month or year."""

    day: int
    ordinal: int | None


@dataclass(frozen=True, slots=True)
class RecurrenceRule:
    """The parts of a rule; an empty part limits nothing. ``until`` is an instant, and inclusive."""

    frequency: Frequency
    interval: int
    count: int | None
    until: datetime | None
    months: tuple[int, ...]
    month_days: tuple[int, ...]
    year_days: tuple[int, ...]
    weeks: tuple[int, ...]
    weekdays: tuple[NthWeekday, ...]
    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    positions: tuple[int, ...]
    week_start: int


@cache
def rule_of(text: str) -> RecurrenceRule:
    """Return what the text says; raises ValueError that tells what was expected."""
    parts = _parts_of(text)
    frequency = _frequency(parts.pop("FREQ", ""))
    numbers = {name: _numbers(name, parts.pop(name, "")) for name in _RANGES}
    rule = RecurrenceRule(
        frequency=frequency,
        interval=_positive("INTERVAL", parts.pop("INTERVAL", "1"), LONGEST_INTERVAL),
        count=_optional(parts, "COUNT", lambda t: _positive("COUNT", t, MOST_OCCURRENCES)),
        until=_optional(parts, "UNTIL", _instant),
        months=numbers["BYMONTH"],
        month_days=numbers["BYMONTHDAY"],
        year_days=numbers["BYYEARDAY"],
        weeks=numbers["BYWEEKNO"],
        weekdays=_optional(parts, "BYDAY", _weekdays) or (),
        hours=numbers["BYHOUR"],
        minutes=numbers["BYMINUTE"],
        positions=numbers["BYSETPOS"],
        week_start=_optional(parts, "WKST", _week_start) or 0,
    )
    if parts:
        raise ValueError(f"only parts of RFC 5545 down to the minute, not {', '.join(parts)}")
    _refuse_what_the_rfc_forbids(rule)
    return rule


_RANGES: Mapping[str, tuple[int, int, bool]] = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYHOUR": (0, 23, False),
    "BYMINUTE": (0, 59, False),
    "BYSETPOS": (1, 366, True),
}
"""The least and the greatest number of each list, and whether it may count from the end."""


def _parts_of(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise ValueError("parts NAME=VALUE with ; between them, such as FREQ=WEEKLY;BYDAY=MO")
        if name in parts:
            raise ValueError(f"each part once, not {name} a second time")
        parts[name] = value
    return parts


def _frequency(text: str) -> Frequency:
    for known in FREQUENCIES:
        if known == text:
            return known
    raise ValueError(f"FREQ, one of {', '.join(FREQUENCIES)}, not {text or 'nothing'}")


def _optional(parts: dict[str, str], name: str, read: Callable[[str], T]) -> T | None:
    text = parts.pop(name, None)
    return None if text is None else read(text)


def _positive(name: str, text: str, most: int) -> int:
    if not _POSITIVE.fullmatch(text) or int(text) > most:
        raise ValueError(f"{name} from 1 to {most}, not {text}")
    return int(text)


def _numbers(name: str, text: str) -> tuple[int, ...]:
    least, greatest, negative = _RANGES[name]
    found = set()
    for one in text.split(",") if text else ():
        number = int(one) if _NUMBER.fullmatch(one) else None
        size = None if number is None else abs(number) if negative else number
        if number is None or size is None or not least <= size <= greatest:
            signs = " or from the end" if negative else ""
            raise ValueError(f"{name} from {least} to {greatest}{signs}, not {one or 'nothing'}")
        found.add(number)
    return tuple(sorted(found))


def _weekdays(text: str) -> tuple[NthWeekday, ...]:
    return tuple(_weekday(one) for one in dict.fromkeys(text.split(",")))


def _weekday(text: str) -> NthWeekday:
    match = _WEEKDAY.fullmatch(text)
    ordinal = int(match[1]) if match and match[1] else None
    if match is None or ordinal == 0 or abs(ordinal or 1) > 53:
        raise ValueError(f"BYDAY such as MO, -1FR or 2TU, not {text or 'nothing'}")
    return NthWeekday(_DAYS.index(match[2]), ordinal)


def _week_start(text: str) -> int:
    if text not in _DAYS:
        raise ValueError(f"WKST one of {', '.join(_DAYS)}, not {text}")
    return _DAYS.index(text)


def _instant(text: str) -> datetime:
    wanted = "UNTIL in UTC, such as 20261231T225900Z, because the start has a time zone"
    if not _UNTIL.fullmatch(text):
        raise ValueError(f"{wanted}, not {text}")
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise ValueError(f"{wanted}, not {text}") from error


def _refuse_what_the_rfc_forbids(rule: RecurrenceRule) -> None:
    """Raise ValueError by the table and the notes of section 3.3.10."""
    frequency = rule.frequency
    ordinals = any(one.ordinal for one in rule.weekdays)
    limits = (rule.months, rule.month_days, rule.year_days, rule.weeks, rule.weekdays)
    refused = (
        (rule.count and rule.until, "COUNT or UNTIL, not both"),
        (rule.weeks and frequency != "YEARLY", "BYWEEKNO only with FREQ=YEARLY"),
        (
            rule.year_days and frequency in {"DAILY", "WEEKLY", "MONTHLY"},
            f"no BYYEARDAY with FREQ={frequency}",
        ),
        (rule.month_days and frequency == "WEEKLY", "no BYMONTHDAY with FREQ=WEEKLY"),
        (
            ordinals and (frequency not in {"MONTHLY", "YEARLY"} or bool(rule.weeks)),
            "BYDAY with a number only with FREQ=MONTHLY, or FREQ=YEARLY without BYWEEKNO",
        ),
        (
            rule.positions and not any((*limits, rule.hours, rule.minutes)),
            "another BY... part beside BYSETPOS",
        ),
    )
    for is_so, expected in refused:
        if is_so:
            raise ValueError(expected)
