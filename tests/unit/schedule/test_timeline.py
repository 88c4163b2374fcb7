"""Answers against a simulation that walks the clock, where clocks and calendars are hardest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.schedule.subject import ScheduleSubject
from turnpike.schedule.timeline import State, Timeline, Timelines
from turnpike.topology.window import Freeze, Schedule, Window
from unit.schedule.entries import (
    LENGTHS,
    Told,
    cron_daily,
    cron_stepping,
    daily,
    excepted,
    freeze,
    hourly,
    leap_day,
    minutely,
    once,
    rule_of,
    tellings,
    window,
)
from unit.schedule.simulation import MINUTE, at_minute, minutes_held

HARD_DAYS = (
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("Australia/Lord_Howe", "2026-04-05"),  # half an hour back
    ("Australia/Lord_Howe", "2026-10-04"),  # half an hour forward
    ("Asia/Kathmandu", "2026-06-15"),  # +05:45
    ("Africa/Casablanca", "2026-02-15"),  # Ramadan: back, against the season
    ("Africa/Casablanca", "2026-03-22"),
    ("America/St_Johns", "2026-03-08"),  # -03:30
    ("America/St_Johns", "2006-10-29"),  # at one minute past midnight
    ("Pacific/Apia", "2011-12-30"),  # a day that did not take place
    ("America/Sao_Paulo", "2018-11-04"),  # at midnight
    ("UTC", "2028-02-29"),
)


BEGIN = datetime(2026, 1, 1)
HOLE = frozenset((datetime(2026, 6, 20, 12, 30),))


def only(windows: tuple[Window, ...], freezes: tuple[Freeze, ...] = ()) -> Timeline:
    return Timelines(Schedule.of(windows, freezes)).of(ScheduleSubject())


def day_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("zone", "day"), HARD_DAYS)
@settings(max_examples=2, deadline=None)
@given(data=st.data())
def test_every_minute_is_answered_as_a_walk_of_the_clock_answers_it(
    zone: str, day: str, data: st.DataObject
) -> None:
    told = tellings(day_of(day))
    lengths = st.sampled_from(sorted(LENGTHS))
    opening, opens = data.draw(told), data.draw(lengths)
    freezing, frozen = data.draw(told), data.draw(lengths)
    timeline = only(
        (window("opening", zone, duration=opens, **opening.fields),),
        (freeze("freezing", zone, duration=frozen, **freezing.fields),),
    )
    lower = day_of(day).replace(tzinfo=UTC) - timedelta(hours=6)
    upper = lower + timedelta(days=2)
    held = minutes_held(rule_of(opening, opens), zone, lower, upper)
    denied = minutes_held(rule_of(freezing, frozen), zone, lower, upper)
    following: datetime | None = None
    after: bool | None = None
    for number in reversed(range(int((upper - lower) / MINUTE))):
        minute = lower + number * MINUTE
        expected = _expected(minute in held, minute in denied)
        if after is not None and expected.open != after:
            following = minute + MINUTE
        after = expected.open
        assert timeline.state(minute) == expected, minute
        change = timeline.next_change(minute, timedelta(days=8))
        if following is not None:
            assert change == following, minute
        else:
            assert change is None or change >= upper, minute


@pytest.mark.parametrize(("zone", "day"), HARD_DAYS)
@pytest.mark.parametrize(("step", "length"), [(15, "PT30M"), (30, "P1D")])
def test_starts_that_follow_each_other_without_a_gap_hold_as_each_alone(
    zone: str, day: str, step: int, length: str
) -> None:
    told = cron_stepping(step)
    timeline = only((window("dense", zone, duration=length, **told.fields),))
    lower = day_of(day).replace(tzinfo=UTC) - timedelta(hours=6)
    upper = lower + timedelta(days=2)
    held = minutes_held(rule_of(told, length), zone, lower, upper)
    minutes = (lower + number * MINUTE for number in range(2 * 1440))
    assert {minute for minute in minutes if timeline.state(minute).open} == held


def test_a_run_ends_where_its_rule_does() -> None:
    told = {"start": "2026-05-01T08:00", "duration": "PT1M"}
    for rule in ("COUNT=90", "UNTIL=20260501T092930Z"):
        timeline = only((window("run", "UTC", rrule=f"FREQ=MINUTELY;{rule}", **told),))
        assert timeline.next_change(at_minute("2026-05-01T07:00")) == at_minute("2026-05-01T08:00")
        assert timeline.next_change(at_minute("2026-05-01T08:30")) == at_minute("2026-05-01T09:30")
        assert timeline.next_change(at_minute("2026-05-01T09:30")) is None


def test_a_rule_may_end_with_the_last_of_all_dates_or_before_the_first_of_them() -> None:
    told = {"start": "2026-05-01T08:00", "duration": "PT1H"}
    endless = only((window("w", "UTC", rrule="FREQ=DAILY;UNTIL=99991231T235959Z", **told),))
    assert endless.next_change(at_minute("2198-05-01T07:00")) == at_minute("2198-05-01T08:00")
    over = only((window("w", "UTC", rrule="FREQ=DAILY;UNTIL=00010101T000000Z", **told),))
    assert over.next_change(at_minute("2026-05-01T07:00")) is None


def test_what_is_taken_out_of_a_run_leaves_a_hole_of_its_length() -> None:
    told = {"start": "2026-05-01T08:00", "duration": "PT1M", "exdate": ("2026-05-01T08:30",)}
    timeline = only((window("run", "UTC", rrule="FREQ=MINUTELY;COUNT=90", **told),))
    at = [at_minute(f"2026-05-01T0{moment}") for moment in ("8:00", "8:30", "8:31", "9:30")]
    assert timeline.next_change(at[0] - MINUTE) == at[0]
    assert [timeline.next_change(moment) for moment in at] == [*at[1:], None]


@pytest.mark.parametrize(
    ("zone", "day", "told", "length"),
    [
        ("UTC", "2026-06-15", minutely(BEGIN, 30), "PT30M"),  # never closes
        ("UTC", "2026-06-15", minutely(BEGIN, 31), "PT30M"),  # a minute is missing each time
        ("UTC", "2026-06-15", minutely(datetime(2026, 6, 14, 7, 5), 30), "PT30M"),  # begins within
        ("UTC", "2026-06-15", excepted(minutely(BEGIN, 30), frozenset(), HOLE), "PT30M"),
        ("UTC", "2026-06-15", excepted(minutely(BEGIN, 30), frozenset(), HOLE), "PT90M"),
        ("UTC", "2026-06-15", hourly(BEGIN, 24), "P1D"),
        ("UTC", "2026-06-15", hourly(BEGIN, 25), "P1D"),
        ("UTC", "2026-06-15", cron_stepping(1), "PT1M"),
        ("UTC", "2026-06-15", cron_stepping(7), "PT30M"),
        ("Europe/Berlin", "2026-03-29", cron_stepping(1), "PT1M"),  # none is lost in the gap
        ("Europe/Berlin", "2026-10-25", cron_stepping(1), "PT1M"),  # nor in the second pass
        ("Europe/Berlin", "2026-03-29", cron_daily(2, 30), "P1D"),  # 30 minutes after its own end
        ("Europe/Berlin", "2026-10-25", cron_daily(2, 30), "P1D"),
        ("Australia/Lord_Howe", "2026-04-05", cron_stepping(30), "PT30M"),
        ("Australia/Lord_Howe", "2026-04-05", cron_stepping(60), "PT90M"),  # just long enough
        ("Pacific/Apia", "2011-12-30", cron_stepping(60), "P1D"),
        ("Europe/Berlin", "2026-10-25", minutely(BEGIN, 30), "PT90M"),  # over the hour that repeats
        ("Europe/Berlin", "2026-10-25", minutely(BEGIN, 31), "PT90M"),  # one minute too short there
        ("Europe/Berlin", "2026-10-25", daily(BEGIN, 1), "P1D"),
        ("Europe/Berlin", "2026-03-29", minutely(BEGIN, 30), "PT30M"),
        ("Australia/Lord_Howe", "2026-04-05", minutely(BEGIN, 30), "PT30M"),
        ("Africa/Casablanca", "2026-03-01", minutely(BEGIN, 30), "PT30M"),  # back and forth again
        ("Pacific/Apia", "2011-12-30", minutely(datetime(2011, 1, 1), 30), "PT30M"),
    ],
)  # fmt: skip
def test_what_never_closes_is_told_from_what_does_for_a_minute(
    zone: str, day: str, told: Told, length: str
) -> None:
    """Five weeks: more than the stretch in which no start is looked at, where none need be."""
    timeline = only((window("dense", zone, duration=length, **told.fields),))
    lower = day_of(day).replace(tzinfo=UTC) - timedelta(days=18)
    upper = lower + timedelta(days=36)
    held = minutes_held(rule_of(told, length), zone, lower, upper)
    assert open_minutes(timeline, lower, upper) == held


def open_minutes(timeline: Timeline, lower: datetime, upper: datetime) -> set[datetime]:
    """Return the minutes that are open, from one change to the next."""
    found: set[datetime] = set()
    while lower < upper:
        end = min(timeline.next_change(lower, upper - lower) or upper, upper)
        if timeline.state(lower).open:
            found |= {lower + n * MINUTE for n in range(int((end - lower) / MINUTE))}
        lower = end
    return found


def _expected(held: bool, denied: bool) -> State:
    if denied:
        return State(open=False, by="freezing")
    return State(open=held, by="opening" if held else None)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu", "UTC"])
@pytest.mark.parametrize("year", [2028, 2096, 2104])
def test_a_leap_day_is_a_day_of_leap_years_only(zone: str, year: int) -> None:
    told: Told = leap_day(datetime(2024, 2, 29, 12, 30))
    timeline = only((window("leap", zone, duration="PT8H", **told.fields),))
    lower = at_minute(f"{year}-02-28T00:00")
    upper = lower + timedelta(days=4)
    held = minutes_held(rule_of(told, "PT8H"), zone, lower, upper)
    assert held
    assert all(
        timeline.state(minute).open == (minute in held)
        for minute in (lower + number * MINUTE for number in range(4 * 1440))
    )


def test_the_leap_day_after_2096_is_found_eight_years_later() -> None:
    told = leap_day(datetime(2024, 2, 29, 12, 0))
    timeline = only((window("leap", "UTC", duration="PT1H", **told.fields),))
    assert timeline.next_change(at_minute("2096-03-01T00:00")) == at_minute("2104-02-29T12:00")


def test_a_freeze_beats_a_window_and_the_first_of_the_file_is_named() -> None:
    told = once(datetime(2026, 5, 1, 8, 0))
    timeline = only(
        (window("a", "UTC", duration="PT8H", **told.fields),),
        (
            freeze("first", "UTC", duration="PT2H", **told.fields),
            freeze("second", "UTC", duration="PT3H", **told.fields),
        ),
    )
    at = at_minute("2026-05-01T09:00")
    assert timeline.state(at) == State(open=False, by="first")
    assert timeline.next_change(at) == at_minute("2026-05-01T11:00")
    assert timeline.next_open(at) == at_minute("2026-05-01T11:00")


def test_a_start_is_open_and_an_end_is_not() -> None:
    timeline = only((window("a", "UTC", start="2026-05-01T08:00", end="2026-05-01T09:00"),))
    assert timeline.state(at_minute("2026-05-01T08:00")).open
    assert not timeline.state(at_minute("2026-05-01T09:00")).open
    assert timeline.next_change(at_minute("2026-05-01T09:00")) is None


def test_windows_that_touch_are_one() -> None:
    timeline = only(
        (
            window("a", "UTC", start="2026-05-01T08:00", end="2026-05-01T09:00"),
            window("b", "UTC", start="2026-05-01T09:00", end="2026-05-01T10:00"),
        )
    )
    at = at_minute("2026-05-01T08:30")
    assert timeline.next_change(at) == at_minute("2026-05-01T10:00")


def test_without_windows_it_is_open_unless_frozen() -> None:
    at = at_minute("2026-05-01T08:30")
    assert only(()).state(at) == State(open=True, by=None)
    assert only(()).next_change(at) is None
    frozen = only((), (freeze("a", "UTC", start="2026-05-01T09:00", end="2027-08-01T10:00"),))
    assert frozen.next_change(at) == at_minute("2026-05-01T09:00")
    assert frozen.next_open(at_minute("2026-06-01T00:00")) == at_minute("2027-08-01T10:00")


def test_a_window_that_never_closes_has_no_next_change() -> None:
    always = window("always", "UTC", cron="0 0 * * *", duration="P1D")
    assert only((always,)).next_change(at_minute("2026-05-01T08:30")) is None


def test_entries_of_others_say_nothing() -> None:
    mine = Freeze.model_validate(
        {"name": "a", "start": "2026-05-01T08:00", "duration": "PT1H", "teams": ("oncology",)}
    )
    timelines = Timelines(Schedule.of((), (mine,)))
    at = at_minute("2026-05-01T08:30")
    assert not timelines.of(ScheduleSubject(team="oncology")).state(at).open
    assert timelines.of(ScheduleSubject(team="cardiology")).state(at).open


def test_subjects_of_whom_the_same_entries_speak_share_a_timeline() -> None:
    timelines = Timelines(Schedule.of((window("a", "UTC", cron="0 9 * * *", duration="PT1H"),), ()))
    one, other = ScheduleSubject(team="oncology"), ScheduleSubject(team="cardiology")
    assert timelines.of(one) is timelines.of(other)
