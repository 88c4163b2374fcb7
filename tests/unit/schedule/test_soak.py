"""Time that counts towards a soak, against a walk of the clock second by second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from turnpike.schedule.soak import Sighting, healthy_time

START = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HORIZON = 60
ZONES = (UTC, ZoneInfo("Europe/Berlin"), timezone(timedelta(hours=5, minutes=45)))


def seconds(count: int) -> datetime:
    return START + count * SECOND


def healthy(start: int, end: int) -> Sighting:
    return Sighting(seconds(start), seconds(end), healthy=True)


def unhealthy(start: int, end: int) -> Sighting:
    return Sighting(seconds(start), seconds(end), healthy=False)


@st.composite
def sightings(draw: st.DrawFn) -> Sighting:
    start, end = draw(st.integers(0, HORIZON)), draw(st.integers(0, HORIZON))
    zone = draw(st.sampled_from(ZONES))
    return Sighting(
        seconds(start).astimezone(zone), seconds(end).astimezone(zone), draw(st.booleans())
    )


def walked(seen: list[Sighting], until: datetime) -> timedelta:
    """Count the seconds one by one: seen healthy, not seen unhealthy, and before ``until``."""
    counted = 0
    for number in range(HORIZON):
        second = seconds(number)
        said = {one.healthy for one in seen if covers(one, second)}
        counted += second < until and said == {True}
    return counted * SECOND


def covers(one: Sighting, second: datetime) -> bool:
    start, end = one.started_at.astimezone(UTC), one.finished_at.astimezone(UTC)
    return start <= second < end


MANY = st.lists(sightings(), max_size=12)
UNTIL = st.integers(0, HORIZON + 5).map(seconds)


@given(seen=MANY, until=UNTIL)
def test_every_second_counts_as_a_walk_of_the_clock_counts_it(
    seen: list[Sighting], until: datetime
) -> None:
    assert healthy_time(seen, until) == walked(seen, until)


@given(seen=MANY, until=UNTIL, data=st.data())
def test_neither_order_nor_repetition_matters(
    seen: list[Sighting], until: datetime, data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(seen), max_size=5)) if seen else []
    mixed = data.draw(st.permutations([*seen, *again]))
    assert healthy_time(mixed, until) == healthy_time(seen, until)


@given(seen=MANY, until=UNTIL, one=sightings())
def test_a_healthy_sighting_never_takes_away_and_an_unhealthy_one_never_adds(
    seen: list[Sighting], until: datetime, one: Sighting
) -> None:
    before, after = healthy_time(seen, until), healthy_time([*seen, one], until)
    assert after >= before if one.healthy else after <= before


@given(seen=MANY, until=UNTIL, cut=st.integers(0, HORIZON).map(seconds))
def test_two_adjacent_sightings_say_what_one_over_both_says(
    seen: list[Sighting], until: datetime, cut: datetime
) -> None:
    halved = [half for one in seen for half in halves(one, cut)]
    assert healthy_time(halved, until) == healthy_time(seen, until)


def halves(one: Sighting, cut: datetime) -> tuple[Sighting, ...]:
    start, end = one.started_at.astimezone(UTC), one.finished_at.astimezone(UTC)
    if not start < cut < end:
        return (one,)
    return Sighting(start, cut, one.healthy), Sighting(cut, end, one.healthy)


def test_time_that_nobody_saw_does_not_count() -> None:
    assert healthy_time([], seconds(60)) == timedelta()
    assert healthy_time([healthy(0, 10), healthy(50, 60)], seconds(60)) == 20 * SECOND


def test_unhealthy_time_is_taken_out_of_the_middle() -> None:
    assert healthy_time([healthy(0, 60), unhealthy(20, 30)], seconds(60)) == 50 * SECOND


def test_nothing_counts_from_the_given_moment_on() -> None:
    assert healthy_time([healthy(0, 60), healthy(50, 60)], seconds(25)) == 25 * SECOND


def test_a_sighting_that_ends_before_it_starts_says_nothing() -> None:
    assert healthy_time([healthy(0, 60), unhealthy(30, 20), unhealthy(5, 5)], seconds(60)) == (
        60 * SECOND
    )


def test_a_repeated_hour_counts_twice() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 25, 2, 0, tzinfo=berlin)
    end = datetime(2026, 10, 25, 3, 0, tzinfo=berlin)
    assert healthy_time([Sighting(start, end, healthy=True)], end) == timedelta(hours=2)


def test_the_last_years_of_the_calendar_overflow_nothing() -> None:
    west = timezone(timedelta(hours=-12))
    last = datetime(9999, 12, 31, 23, 59, tzinfo=west)
    first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=12)))
    assert healthy_time([Sighting(first, last, healthy=True)], last) == last - first
