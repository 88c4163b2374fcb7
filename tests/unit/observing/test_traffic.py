"""Counts from one look to the next: nothing twice, nothing from before."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from turnpike.cluster.tally import Counted, Tally
from turnpike.observing.traffic import Traffic, traffic_of


def counted(requests: int, errors: int = 0, quick: int | None = None) -> Counted:
    """Return what a pod counted: of its requests so many were answered within 100 ms."""
    quick = requests if quick is None else quick
    return Counted(requests, errors, {0.1: quick, 0.25: quick, math.inf: requests})


def test_growth_is_counted_over_all_pods() -> None:
    tallies: list[Tally] = [
        {"one": counted(100, 10), "two": counted(50)},
        {"one": counted(103, 11), "two": counted(50)},
        {"one": counted(104, 11), "two": counted(56)},
    ]
    assert traffic_of(tallies) == Traffic(10, 1, 100.0)
    assert traffic_of(tallies).error_rate == 0.1


def test_one_tally_tells_of_no_time() -> None:
    assert traffic_of([{"one": counted(100, 10)}]) == Traffic(0, 0, 0.0)
    assert traffic_of([{"one": counted(100, 10)}]).error_rate == 0.0


def test_a_pod_counts_from_the_first_tally_that_has_it() -> None:
    both: Tally = {"one": counted(2), "new": counted(1000)}
    assert traffic_of([{"one": counted(1)}, both]).requests == 1
    back: list[Tally] = [{"one": counted(9)}, {}, {"one": counted(12)}, {"one": counted(13)}]
    assert traffic_of(back).requests == 1


def test_a_pod_that_started_again_counts_from_nothing() -> None:
    assert traffic_of([{"one": counted(100, 7)}, {"one": counted(3, 1)}]) == Traffic(3, 1, 100.0)


def test_the_latency_is_a_bound_that_95_of_100_kept() -> None:
    nothing = counted(0)
    assert traffic_of([{"one": nothing}, {"one": counted(100, quick=95)}]).milliseconds_p95 == 100
    slow = traffic_of([{"one": nothing}, {"one": counted(100, quick=94)}])
    assert (slow.milliseconds_p95, slow.is_beyond) == (250.0, True)


def test_requests_without_a_histogram_are_slower_than_anything_known() -> None:
    bare = traffic_of([{"one": Counted(0, 0, {})}, {"one": Counted(5, 0, {})}])
    assert (bare.requests, bare.is_beyond) == (5, True)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=20))
def test_every_request_is_counted_once_however_looks_fall(steps: list[int]) -> None:
    totals = [sum(steps[:end]) for end in range(len(steps) + 1)]
    tallies: list[Tally] = [{"one": counted(total)} for total in totals]
    assert traffic_of(tallies).requests == sum(steps)
    parts = traffic_of(tallies[: len(steps)]).requests + traffic_of(tallies[-2:]).requests
    assert parts == sum(steps)
