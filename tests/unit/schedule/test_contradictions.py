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


def excluding(*texts: str, **told: object) -> Window:
    first = {"start": "2026-01-05T02:30", "duration": "PT1H", "exdate": texts}
    return window("excluding", "Europe/Berlin", **(first | told))


def test_an_exclusion_that_excludes_nothing_is_named() -> None:
    weekly = {"rrule": "FREQ=WEEKLY;UNTIL=20260601T000000Z"}
    assert fields(excluding("2026-01-12T02:30", "2026-02-02T02:30", **weekly)) == []
    late = excluding("2026-01-12T02:30", "2026-02-02T09:30", "2026-06-08T02:30", **weekly)
    assert fields(late) == ["windows.0.exdate.1", "windows.0.exdate.2"]
    besides = {"rdate": ("2026-06-08T02:30",)}
    assert fields(excluding("2026-06-08T02:30", **weekly, **besides)) == []
    assert fields(excluding("2026-01-05T02:30", **besides)) == []


def test_an_exclusion_may_name_either_reading_of_a_skipped_time() -> None:
    daily = {"rrule": "FREQ=DAILY"}
    for text in ("2026-03-29T02:30", "2026-03-29T03:30"):
        assert fields(excluding(text, **daily)) == []
    assert fields(excluding("2026-03-28T03:30", **daily)) == ["windows.0.exdate.0"]


def test_an_entry_of_which_all_is_excluded_never_comes_round() -> None:
    twice = excluding("2026-01-05T02:30", "2026-01-06T02:30", rrule="FREQ=DAILY;COUNT=2")
    assert fields(twice) == ["windows.0.rrule"]
    assert fields(excluding("2026-01-05T02:30", rrule="FREQ=DAILY;COUNT=2")) == []


def test_a_position_that_no_hour_has_never_comes_round() -> None:
    for rule in ("FREQ=HOURLY;BYMINUTE=0,30;BYSETPOS=3", "FREQ=MINUTELY;BYHOUR=3;BYSETPOS=2"):
        never = window("never", "UTC", start="2026-01-01T00:00", rrule=rule, duration="PT1H")
        assert fields(never) == ["windows.0.rrule"]


def test_dates_tell_entries_apart() -> None:
    one = excluding("2026-01-12T02:30", rrule="FREQ=WEEKLY")
    other = excluding("2026-01-19T02:30", rrule="FREQ=WEEKLY")
    assert fields(one, other.model_copy(update={"name": "other"})) == []
    assert fields(one, one.model_copy(update={"name": "other"})) == ["windows.1"]


def test_a_window_that_is_frozen_whenever_it_comes_round_is_shut() -> None:
    covering = freeze("covering", "UTC", cron="0 8 * * *", duration="PT3H")
    at = at_minute("2026-11-01T00:00")
    assert [one.field for one in shut_windows(Schedule.of((NINE,), (covering,)), at)] == [
        "windows.0"
    ]
    assert shut_windows(Schedule.of((NINE,), (NIGHT,)), at) == ()
