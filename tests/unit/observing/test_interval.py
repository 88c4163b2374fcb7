"""What looks say together, and what of the time between them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.cluster.interface import Look
from turnpike.observing.interval import (
    UNASKED,
    Interval,
    Promise,
    interval_of,
    joined,
    parted,
    percentile_95,
)
from unit.observing.looking import SECOND, at, counting, look, unread

GAP = 10 * SECOND
LATENCIES = st.lists(st.floats(0, 10_000), min_size=1, max_size=60)


def interval(
    looks: list[Look], before: Look | None = None, promised: float | None = None
) -> Interval:
    return interval_of(looks, before, GAP, Promise(promised))


def test_looks_are_counted_and_their_time_is_seen() -> None:
    found = interval([look(0), look(1), look(2)])
    assert (found.started_at, found.finished_at) == (at(0), at(2.1))
    assert (found.requests, found.errors, found.latency_p95_milliseconds) == (3, 0, 10.0)
    assert found.is_healthy


def test_one_fault_makes_the_interval_unhealthy_and_is_told() -> None:
    found = interval([look(0), look(1, fault="down"), look(2)])
    assert (found.is_healthy, found.errors, found.fault) == (False, 1, "down")


def test_answers_that_come_too_late_break_the_promise() -> None:
    slow = [look(0, answered=0.3)]
    assert interval(slow, promised=300).is_healthy
    late = interval(slow, promised=299)
    assert (late.is_healthy, late.errors) == (False, 0)
    assert "300 ms at the 95th percentile, promised are 299 ms" in late.fault


def test_the_latency_is_of_what_was_answered() -> None:
    found = interval([look(0, fault="down", answered=5.0), look(1)])
    assert found.latency_p95_milliseconds == 10.0
    assert interval([look(0, fault="down", answered=5.0)]).latency_p95_milliseconds == 0.0


def test_an_interval_begins_where_the_look_before_it_ended() -> None:
    assert interval([look(5)], look(0)).started_at == at(0.1)


@pytest.mark.parametrize("before", [look(-10.2), look(6, 7)])
def test_nobody_saw_a_gap_or_a_time_that_the_clock_went_back_over(before: Look) -> None:
    assert interval([look(5)], before).started_at == at(5)


def test_after_a_fault_only_the_next_good_look_is_healthy_time() -> None:
    assert interval([look(5)], look(0, fault="down")).started_at == at(5)
    assert interval([look(5, fault="down")], look(0, fault="down")).started_at == at(0.1)
    assert interval([look(5, fault="down")], look(0)).started_at == at(0.1)


def test_looks_are_parted_at_every_gap() -> None:
    one, two, three = look(0), look(5), look(30)
    assert parted([one, two, three], None, GAP) == ((one, two), (three,))
    assert parted([two], one, GAP) == ((two,),)
    assert parted([two, one], None, GAP) == ((two,), (one,))


def test_intervals_that_meet_and_say_the_same_are_one() -> None:
    first = interval([look(0), look(1)])
    second = interval([look(2, answered=0.5)], look(1))
    both = joined(first, second)
    assert both is not None
    assert (both.started_at, both.finished_at) == (at(0), at(2.1))
    assert (both.requests, both.latency_p95_milliseconds) == (3, 500.0)


def test_intervals_of_two_kinds_or_with_a_gap_stay_two() -> None:
    first = interval([look(0)])
    assert joined(first, interval([look(1, fault="down")], look(0))) is None
    assert joined(first, interval([look(60)], look(0))) is None


@given(LATENCIES, LATENCIES)
def test_the_greater_latency_holds_for_both_together(one: list[float], two: list[float]) -> None:
    assert percentile_95([*one, *two]) <= max(percentile_95(one), percentile_95(two))


@given(LATENCIES)
def test_95_of_100_are_as_quick_and_one_was_no_quicker(values: list[float]) -> None:
    rounded = [round(value, 3) for value in values]
    found = percentile_95(values)
    assert found in rounded
    assert sum(value <= found for value in rounded) >= 0.95 * len(values)
    assert sum(value < found for value in rounded) < 0.95 * len(values)


def test_of_nothing_the_latency_is_nothing() -> None:
    assert percentile_95([]) == 0.0
    assert timedelta() < GAP


def test_consumers_requests_are_counted_where_looks_bring_tallies() -> None:
    found = interval([counting(1, 25)], counting(0, 20))
    assert (found.started_at, found.requests, found.errors) == (at(0.1), 5, 0)
    assert found.latency_p95_milliseconds == 100.0
    assert found.is_healthy
    assert not interval([counting(1, 25)], counting(0, 20), promised=99).is_healthy


def test_what_failed_more_often_than_promised_is_unhealthy() -> None:
    looks = [counting(0, 0), counting(1, 100, 2)]
    assert interval_of(looks, None, GAP, Promise(errors=0.02)).is_healthy
    broken = interval_of(looks, None, GAP, Promise(errors=0.01))
    assert (broken.is_healthy, broken.error_rate) == (False, 0.02)
    assert "2 of 100 requests failed, promised are 1.00% at most" in broken.fault


def test_time_in_which_nobody_asked_is_not_known_to_be_healthy() -> None:
    found = interval([counting(1, 20)], counting(0, 20))
    assert (found.is_healthy, found.fault, found.unread) == (False, "", UNASKED)
    assert interval([counting(0, 20)]).unread == UNASKED


def test_time_in_which_nobody_could_look_is_not_known() -> None:
    found = interval([unread(0), unread(1)])
    assert (found.is_healthy, found.fault, found.unread, found.requests) == (False, "", "away", 0)
    assert interval([counting(5, 30)], unread(4)).started_at == at(5)


def test_nothing_is_counted_from_before_a_look_that_failed() -> None:
    looks = [counting(5, 30), counting(6, 31)]
    assert interval(looks, unread(4)).requests == 1


def test_looks_are_parted_where_nobody_could_look() -> None:
    good, bad, worse, again = counting(0, 1), unread(1), unread(2), counting(3, 2)
    assert parted([good, bad, worse, again], None, GAP) == ((good,), (bad, worse), (again,))
    assert parted([bad, again], good, GAP) == ((bad,), (again,))


def test_of_intervals_that_are_one_the_greater_error_rate_holds() -> None:
    def failing(first: Look, second: Look) -> Interval:
        return interval_of([second], first, GAP, Promise(errors=0.5))

    one = failing(counting(0, 0), counting(1, 10, 3))
    two = failing(counting(1, 10, 3), counting(2, 110, 3))
    both = joined(one, two)
    assert both is not None
    assert (both.requests, both.errors, both.error_rate) == (110, 3, 0.3)


def test_what_is_not_known_continues_nothing() -> None:
    nothing = interval([counting(1, 20)], counting(0, 20))
    assert joined(nothing, interval([counting(2, 20)], counting(1, 20))) is None
