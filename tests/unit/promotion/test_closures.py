"""Why a schedule is closed, one reason after the other."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from turnpike.promotion.closures import Closure, Closures
from turnpike.schedule.subject import ScheduleSubject
from turnpike.schedule.timeline import Timeline, Timelines
from unit.judge.examples import NOW, UNHURRIED
from unit.promotion.outlooks import Entries, schedule

HOUR = timedelta(hours=1)


def closures(asked: Timeline, at: datetime) -> tuple[Closure, ...]:
    return Closures(asked).from_(at)


def timeline(windows: Entries | None = None, freezes: Entries | None = None) -> Timeline:
    told = schedule(windows=windows or [], freezes=freezes or [])
    return Timelines(told).of(ScheduleSubject())


def entry(name: str, start: datetime, end: datetime, **more: str) -> Entries:
    form = "%Y-%m-%dT%H:%M"
    return [{"name": name, "start": start.strftime(form), "end": end.strftime(form), **more}]


def test_an_open_schedule_has_no_closure() -> None:
    assert closures(timeline(), NOW) == ()


def test_a_freeze_says_its_name_its_reason_and_its_end() -> None:
    (one,) = closures(timeline(freezes=entry("f", NOW, NOW + HOUR, reason="the books")), NOW)
    assert (one.name, one.reason, one.until, one.opens) == ("f", "the books", NOW + HOUR, None)


def test_its_zone_is_that_of_the_entry() -> None:
    start = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 (local to the entry's zone)
    (one,) = closures(
        timeline(freezes=entry("f", start, start + HOUR, timezone="Europe/Berlin")), NOW
    )
    assert (one.zone, one.until) == ("Europe/Berlin", NOW + HOUR / 2)


def test_outside_all_windows_the_next_one_is_named() -> None:
    (one,) = closures(timeline(windows=entry("w", NOW + HOUR, NOW + 2 * HOUR)), NOW)
    assert (one.name, one.opens, one.until) == (None, "w", NOW + HOUR)


def test_one_reason_follows_the_other() -> None:
    held = timeline(
        windows=entry("w", NOW + HOUR, NOW + 9 * HOUR),
        freezes=entry("f", NOW, NOW + 2 * HOUR) + entry("g", NOW + 2 * HOUR, NOW + 3 * HOUR),
    )
    assert [one.name for one in closures(held, NOW)] == ["f", "g"]
    later = timeline(
        windows=entry("w", NOW + HOUR, NOW + 9 * HOUR),
        freezes=entry("f", NOW + HOUR, NOW + 2 * HOUR),
    )
    assert [one.name for one in closures(later, NOW)] == [None, "f"]


def test_what_never_opens_ends_without_a_moment() -> None:
    (one,) = closures(timeline(windows=entry("w", NOW - 2 * HOUR, NOW - HOUR)), NOW)
    assert (one.name, one.until) == (None, None)


SPANS = st.lists(st.tuples(st.integers(-90, 90), st.integers(1, 60)), max_size=3)


def spans(name: str, told: list[tuple[int, int]]) -> Entries:
    found: Entries = []
    for number, (start, length) in enumerate(told):
        at = NOW + timedelta(minutes=start)
        found += entry(f"{name}-{number}", at, at + timedelta(minutes=length))
    return found


@UNHURRIED
@given(SPANS, SPANS)
def test_the_last_closure_ends_where_the_schedule_opens(
    windows: list[tuple[int, int]], freezes: list[tuple[int, int]]
) -> None:
    asked = timeline(spans("w", windows), spans("f", freezes))
    found = closures(asked, NOW)
    if found and len(found) < 6:
        assert found[-1].until == asked.next_open(NOW)
    elif not found:
        assert asked.state(NOW).open
