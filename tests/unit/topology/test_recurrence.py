"""A rule means what RFC 5545 says, or is refused with what was expected: never something near."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.topology.recurrence import (
    FREQUENCIES,
    LONGEST_INTERVAL,
    MOST_OCCURRENCES,
    NthWeekday,
    rule_of,
)

REFUSED = {
    "": "parts NAME=VALUE",
    "DAILY": "parts NAME=VALUE",
    "FREQ=": "parts NAME=VALUE",
    "=DAILY": "FREQ, one of",
    "FREQ=DAILY;": "parts NAME=VALUE",
    "RRULE:FREQ=DAILY": "FREQ, one of",
    "freq=DAILY": "FREQ, one of",
    "FREQ=daily": "FREQ, one of",
    "FREQ=SECONDLY": "FREQ, one of",
    " FREQ=DAILY": "FREQ, one of",
    "FREQ=DAILY\n": "FREQ, one of",
    "INTERVAL=2": "FREQ, one of .* not nothing",
    "FREQ=DAILY;FREQ=WEEKLY": "each part once, not FREQ",
    "FREQ=DAILY;BYDAY=MO;BYDAY=TU": "each part once, not BYDAY",
    "FREQ=DAILY;BYSECOND=0": "not BYSECOND",
    "FREQ=DAILY;BYEASTER=0": "not BYEASTER",
    "FREQ=DAILY;X-NAME=1;COUNT=1": "not X-NAME",
    "FREQ=DAILY;INTERVAL=0": "INTERVAL from 1",
    "FREQ=DAILY;INTERVAL=-1": "INTERVAL from 1",
    "FREQ=DAILY;INTERVAL=+1": "INTERVAL from 1",
    "FREQ=DAILY;INTERVAL=01": "INTERVAL from 1",
    "FREQ=DAILY;INTERVAL=1.5": "INTERVAL from 1",
    "FREQ=DAILY;INTERVAL=٢": "INTERVAL from 1",
    "FREQ=DAILY;INTERVAL=100000": "INTERVAL from 1",
    "FREQ=DAILY;COUNT=0": "COUNT from 1",
    f"FREQ=DAILY;COUNT={MOST_OCCURRENCES + 1}": "COUNT from 1",
    "FREQ=DAILY;COUNT=9999999999999999999999": "COUNT from 1",
    "FREQ=DAILY;UNTIL=20261231": "UNTIL in UTC",
    "FREQ=DAILY;UNTIL=20261231T225900": "UNTIL in UTC",
    "FREQ=DAILY;UNTIL=20261331T225900Z": "UNTIL in UTC",
    "FREQ=DAILY;UNTIL=20260230T000000Z": "UNTIL in UTC",
    "FREQ=DAILY;UNTIL=00000101T000000Z": "UNTIL in UTC",
    "FREQ=DAILY;UNTIL=2026123\u0661T225900Z": "UNTIL in UTC",
    "FREQ=DAILY;COUNT=2;UNTIL=20261231T225900Z": "COUNT or UNTIL, not both",
    "FREQ=DAILY;BYMONTH=0": "BYMONTH from 1 to 12",
    "FREQ=DAILY;BYMONTH=-1": "BYMONTH from 1 to 12",
    "FREQ=DAILY;BYMONTH=13": "BYMONTH from 1 to 12",
    "FREQ=DAILY;BYMONTH=1,,2": "not nothing",
    "FREQ=DAILY;BYMONTH=1, 2": "BYMONTH from 1 to 12",
    "FREQ=DAILY;BYHOUR=24": "BYHOUR from 0 to 23",
    "FREQ=DAILY;BYHOUR=-1": "BYHOUR from 0 to 23",
    "FREQ=DAILY;BYMINUTE=60": "BYMINUTE from 0 to 59",
    "FREQ=MONTHLY;BYMONTHDAY=0": "BYMONTHDAY from 1 to 31 or from the end",
    "FREQ=MONTHLY;BYMONTHDAY=32": "BYMONTHDAY from 1 to 31",
    "FREQ=MONTHLY;BYMONTHDAY=-32": "BYMONTHDAY from 1 to 31",
    "FREQ=YEARLY;BYYEARDAY=367": "BYYEARDAY from 1 to 366",
    "FREQ=YEARLY;BYWEEKNO=54": "BYWEEKNO from 1 to 53",
    "FREQ=DAILY;BYDAY=MO;BYSETPOS=0": "BYSETPOS from 1 to 366",
    "FREQ=DAILY;BYDAY=MO;BYSETPOS=1111": "BYSETPOS from 1 to 366",
    "FREQ=WEEKLY;BYDAY=Mo": "BYDAY such as",
    "FREQ=WEEKLY;BYDAY=MO,": "BYDAY such as .* not nothing",
    "FREQ=MONTHLY;BYDAY=0MO": "BYDAY such as",
    "FREQ=MONTHLY;BYDAY=-0MO": "BYDAY such as",
    "FREQ=MONTHLY;BYDAY=54MO": "BYDAY such as",
    "FREQ=MONTHLY;BYDAY=1 MO": "BYDAY such as",
    "FREQ=WEEKLY;WKST=XX": "WKST one of",
    "FREQ=WEEKLY;WKST=mo": "WKST one of",
    "FREQ=MONTHLY;BYWEEKNO=1": "BYWEEKNO only with FREQ=YEARLY",
    "FREQ=DAILY;BYYEARDAY=1": "no BYYEARDAY with FREQ=DAILY",
    "FREQ=WEEKLY;BYYEARDAY=1": "no BYYEARDAY with FREQ=WEEKLY",
    "FREQ=MONTHLY;BYYEARDAY=1": "no BYYEARDAY with FREQ=MONTHLY",
    "FREQ=WEEKLY;BYMONTHDAY=1": "no BYMONTHDAY with FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=1MO": "BYDAY with a number only with",
    "FREQ=DAILY;BYDAY=MO,-1FR": "BYDAY with a number only with",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO": "BYDAY with a number only with",
    "FREQ=MONTHLY;BYSETPOS=-1": "another BY... part beside BYSETPOS",
    "FREQ=MONTHLY;BYSETPOS=-1;COUNT=3;WKST=MO": "another BY... part beside BYSETPOS",
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.items(), ids=ascii)
def test_what_the_rfc_does_not_say_is_refused_with_what_was_expected(
    text: str, expected: str
) -> None:
    with pytest.raises(ValueError, match=expected):
        rule_of(text)


@given(st.text(st.sampled_from("FREQ=DAILYWK;BYSETPO0123,-+MNU T\n"), max_size=60))
def test_any_text_is_a_rule_or_refused_and_nothing_else(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert rule_of(text).frequency in FREQUENCIES


@given(st.permutations(("FREQ=MONTHLY", "INTERVAL=2", "COUNT=5", "BYDAY=-1FR,2MO", "WKST=SU")))
def test_the_order_of_parts_means_nothing(parts: list[str]) -> None:
    text = "FREQ=MONTHLY;INTERVAL=2;COUNT=5;BYDAY=-1FR,2MO;WKST=SU"
    assert rule_of(";".join(parts)) == rule_of(text)


@given(st.lists(st.integers(-31, 31).filter(bool), min_size=1, max_size=6))
def test_a_list_names_each_number_once_in_order(days: list[int]) -> None:
    said = ",".join(f"{day:+d}" if index % 2 else str(day) for index, day in enumerate(days))
    assert rule_of(f"FREQ=MONTHLY;BYMONTHDAY={said}").month_days == tuple(sorted(set(days)))


def test_what_is_not_said_limits_nothing() -> None:
    rule = rule_of("FREQ=DAILY")
    assert (rule.interval, rule.count, rule.until, rule.week_start) == (1, None, None, 0)
    lists = (rule.months, rule.month_days, rule.year_days, rule.weeks, rule.weekdays, rule.hours,
             rule.minutes, rule.positions)  # fmt: skip
    assert not any(lists)


def test_midnight_and_the_full_hour_are_said_and_not_left_out() -> None:
    """Zero is a number like the others: it must not be taken for nothing."""
    rule = rule_of("FREQ=DAILY;BYHOUR=0;BYMINUTE=0;BYSETPOS=1")
    assert (rule.hours, rule.minutes) == ((0,), (0,))


def test_days_of_the_week_keep_the_number_that_stands_before_them() -> None:
    rule = rule_of("FREQ=YEARLY;BYDAY=MO,-53SU,+2TU,MO;WKST=SU")
    assert rule.weekdays == (NthWeekday(0, None), NthWeekday(6, -53), NthWeekday(1, 2))
    assert rule.week_start == 6


def test_until_is_an_instant() -> None:
    until = datetime(2026, 12, 31, 22, 59, tzinfo=UTC)
    assert rule_of("FREQ=DAILY;UNTIL=20261231T225900Z").until == until


def test_the_greatest_numbers_are_taken() -> None:
    rule = rule_of(f"FREQ=HOURLY;INTERVAL={LONGEST_INTERVAL};COUNT={MOST_OCCURRENCES}")
    assert (rule.interval, rule.count) == (LONGEST_INTERVAL, MOST_OCCURRENCES)


parts = st.fixed_dictionaries(
    {"FREQ": st.sampled_from(FREQUENCIES)},
    optional={
        "INTERVAL": st.integers(1, 9),
        "COUNT": st.integers(1, 20),
        "BYMONTH": st.integers(1, 12),
        "BYMONTHDAY": st.integers(1, 31),
        "BYHOUR": st.integers(0, 23),
        "BYMINUTE": st.integers(0, 59),
        "BYDAY": st.sampled_from(("MO", "SA,SU", "TU,TH")),
        "WKST": st.sampled_from(("MO", "SU")),
    },
)


@given(parts)
def test_every_part_of_the_rfc_is_taken_but_where_its_table_forbids_it(
    said: dict[str, object],
) -> None:
    text = ";".join(f"{name}={value}" for name, value in said.items())
    if said["FREQ"] == "WEEKLY" and "BYMONTHDAY" in said:
        with pytest.raises(ValueError, match="no BYMONTHDAY"):
            rule_of(text)
    else:
        rule = rule_of(text)
        assert (rule.frequency, rule.count) == (said["FREQ"], said.get("COUNT"))
        assert rule.minutes == ((said["BYMINUTE"],) if "BYMINUTE" in said else ())
