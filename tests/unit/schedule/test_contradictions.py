"""Entries that nobody can mean are named by their field."""

from __future__ import annotations

from turnpike.schedule.contradictions import contradictions, shut_windows
from turnpike.topology.window import Freeze, Schedule, Window
from unit.schedule.entries import freeze, window
from unit.schedule.simulation import at_minute

NINE = window("nine", "UTC", cron="0 9 * * *", duration="PT1H")
NIGHT = freeze("night", "UTC", cron="0 22 * * *", duration="PT4H")


def fields(*windows: Window, freezes: tuple[Freeze, ...] = ()) -> list[str]:
    return [one.field for one in contradictions(Schedule.of(windows, freezes))]


def test_a_sound_schedule_has_none() -> None:
    assert fields(NINE, freezes=(NIGHT,)) == []


def test_a_name_is_given_once_among_windows_and_freezes() -> None:
    assert fields(NINE, freezes=(freeze("nine", "UTC", cron="0 1 * * *", duration="PT1H"),)) == [
        "freezes.0.name"
    ]


def test_the_same_times_are_given_once() -> None:
    again = window("again", "UTC", cron="0 9 * * *", duration="PT1H")
    assert fields(NINE, again) == ["windows.1"]


def test_what_never_comes_round_is_named() -> None:
    rule = "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"
    never = window("never", "UTC", start="2026-01-01T00:00", rrule=rule, duration="PT1H")
    assert fields(never) == ["windows.0.rrule"]


def test_a_leap_day_comes_round() -> None:
    assert fields(window("leap", "UTC", cron="0 0 29 2 *", duration="PT1H")) == []


def test_a_window_that_is_frozen_whenever_it_comes_round_is_shut() -> None:
    covering = freeze("covering", "UTC", cron="0 8 * * *", duration="PT3H")
    at = at_minute("2026-11-01T00:00")
    assert [one.field for one in shut_windows(Schedule.of((NINE,), (covering,)), at)] == [
        "windows.0"
    ]
    assert shut_windows(Schedule.of((NINE,), (NIGHT,)), at) == ()
