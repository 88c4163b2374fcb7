"""Any stretch as long as the spacing has a start, and a shorter one need not have any."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest

from turnpike.schedule.recurring import Recurrence, cron_starts, rule_starts
from turnpike.schedule.spacing import Spacing, weekly_spacing
from turnpike.topology.recurrence import rule_of
from turnpike.topology.zone import zone

START = datetime(2024, 1, 31, 9, 30)  # a Wednesday
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def longest_way(recurrence: Recurrence) -> timedelta:
    """Return the longest way from one start to the next in three years."""
    found = (START, *recurrence.starts(START, START + 3 * 366 * DAY))
    return max(later - earlier for earlier, later in pairwise(found))


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        ("FREQ=MINUTELY", HOUR / 60),
        ("FREQ=MINUTELY;INTERVAL=1441", DAY + HOUR / 60),
        ("FREQ=HOURLY;INTERVAL=5", 5 * HOUR),
        ("FREQ=HOURLY;INTERVAL=2;BYMINUTE=0,10", 2 * HOUR - HOUR / 6),
        ("FREQ=DAILY", DAY),
        ("FREQ=DAILY;INTERVAL=3;BYHOUR=9,17", 2 * DAY + 16 * HOUR),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", 3 * DAY),
        ("FREQ=WEEKLY", 7 * DAY),
        ("FREQ=WEEKLY;BYDAY=SU,MO", 6 * DAY),
        ("FREQ=MONTHLY;BYDAY=WE,SA", 4 * DAY),
    ],
)
def test_starts_of_a_rule_are_as_far_apart_as_its_spacing(text: str, longest: timedelta) -> None:
    starts = rule_starts(rule_of(text), START, zone("UTC"))
    assert starts.spacing == Spacing(START, longest)
    assert longest_way(starts) == longest


@pytest.mark.parametrize("days", ["MO", "TH,SU", "MO,TU,WE,TH,FR,SA,SU"])
@pytest.mark.parametrize("interval", [1, 2, 5])
def test_weeks_that_are_left_out_come_on_top(days: str, interval: int) -> None:
    starts = rule_starts(
        rule_of(f"FREQ=WEEKLY;INTERVAL={interval};BYDAY={days}"), START, zone("UTC")
    )
    assert starts.spacing is not None
    assert longest_way(starts) <= starts.spacing.longest


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;COUNT=9",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",  # never: the start is a Wednesday
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=SU",  # five Sundays less, or four
        "FREQ=DAILY;BYMONTH=1",
        "FREQ=HOURLY;INTERVAL=5;BYHOUR=9",
        "FREQ=MINUTELY;INTERVAL=7;BYMINUTE=0",
        "FREQ=HOURLY;BYMINUTE=0,30;BYSETPOS=3",  # never
        "FREQ=MONTHLY",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1",
        "FREQ=YEARLY;BYWEEKNO=20",
    ],
)
def test_a_rule_that_chooses_among_dates_tells_no_spacing(text: str) -> None:
    assert rule_starts(rule_of(text), START, zone("UTC")).spacing is None


@pytest.mark.parametrize(
    ("text", "longest"),
    [
        ("* * * * *", HOUR / 60),
        ("*/7 * * * *", 7 * HOUR / 60),
        ("0 9,17 * * *", 16 * HOUR),
        ("0 9 * * 1-5", 3 * DAY),
        ("0 9 * * 7", 7 * DAY),
        ("0 9 1-31 * 1", DAY),  # one day of the two is enough
        ("0 9 1-31 */1 *", DAY),
    ],
)
def test_starts_of_a_cron_expression_are_as_far_apart_as_its_spacing(
    text: str, longest: timedelta
) -> None:
    starts = cron_starts(text)
    assert starts.spacing == Spacing(datetime.min, longest)
    assert longest_way(starts) == longest


@pytest.mark.parametrize(
    "text",
    ["0 9 1-30 * *", "0 9 * 1-11 *", "0 9 * * 1#1", "0 9 * * 5L", "0 9 L * *", "0 9 */2 * 1"],
)
def test_a_cron_expression_that_chooses_among_dates_tells_no_spacing(text: str) -> None:
    assert cron_starts(text).spacing is None


def test_nothing_is_no_way_apart() -> None:
    assert weekly_spacing(START, lambda _: False, (time(9),)) is None
    assert weekly_spacing(START, lambda _: True, ()) is None


def test_a_week_ends_where_the_next_one_begins() -> None:
    monday = weekly_spacing(START, lambda day: day == date(2001, 1, 1), (time(9), time(17)), 7)
    assert monday == Spacing(START, 14 * DAY - 8 * HOUR)
