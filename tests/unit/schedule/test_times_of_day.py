"""The times of a day follow from where an interval stands on it; runs, from how far they reach."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from turnpike.schedule.times_of_day import TimesOfDay, chosen, joined
from turnpike.topology.recurrence import rule_of

START = datetime(2026, 1, 5, 22, 30)
FIRST = START.date()


def times(text: str, day: date = FIRST) -> list[str]:
    return [f"{at:%H:%M}" for at in TimesOfDay(rule_of(text), START).on(day)]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, ["02:30", "07:30", "12:30", "17:30", "22:30"]),
        (1, ["03:30", "08:30", "13:30", "18:30", "23:30"]),
        (2, ["04:30", "09:30", "14:30", "19:30"]),
        (5, ["02:30", "07:30", "12:30", "17:30", "22:30"]),
        (-1, ["01:30", "06:30", "11:30", "16:30", "21:30"]),
    ],
)
def test_an_interval_goes_on_over_midnight(days: int, expected: list[str]) -> None:
    assert times("FREQ=HOURLY;INTERVAL=5", FIRST + timedelta(days=days)) == expected


def test_an_interval_longer_than_a_day_leaves_days_out() -> None:
    on = [times("FREQ=MINUTELY;INTERVAL=2000", FIRST + timedelta(days=n)) for n in range(4)]
    assert on == [["22:30"], [], ["07:50"], ["17:10"]]


def test_named_hours_and_minutes_limit_what_the_interval_meets() -> None:
    assert times("FREQ=MINUTELY;INTERVAL=45;BYHOUR=22,23") == ["22:30", "23:15"]
    assert times("FREQ=MINUTELY;INTERVAL=45;BYMINUTE=15;BYHOUR=22,23") == ["23:15"]
    assert times("FREQ=HOURLY;BYHOUR=3,4;BYMINUTE=5,50") == ["03:05", "03:50", "04:05", "04:50"]


def test_a_position_is_that_within_one_hour_or_one_minute() -> None:
    assert times("FREQ=HOURLY;BYHOUR=3,4;BYMINUTE=5,20,50;BYSETPOS=-1") == ["03:50", "04:50"]
    assert times("FREQ=MINUTELY;BYHOUR=3;BYMINUTE=5,20;BYSETPOS=1") == ["03:05", "03:20"]
    assert times("FREQ=MINUTELY;BYHOUR=3;BYMINUTE=5,20;BYSETPOS=2") == []


def test_what_is_chosen_counts_from_either_end() -> None:
    assert chosen("abcd", (1, -1)) == ["a", "d"]
    assert chosen("abcd", (5, -5)) == []
    assert chosen("abcd", ()) == "abcd"


def test_times_are_joined_as_far_as_one_reaches() -> None:
    early, later, late = time(1, 0), time(1, 30), time(2, 1)
    together = joined((early, later, late), timedelta(minutes=30))
    assert together == ((early, later), (late,))
