"""Of too many statements the older half becomes one, which claims no healthy time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.evidence.observed import replaces
from turnpike.observing.fold import MOST_IN_A_PLACE, folded
from turnpike.schedule.soak import Sighting, healthy_time
from unit.evidence.observations import START, observation, stated
from unit.judge.examples import RoleKey

OBSERVER = RoleKey("observer")
FLAPPING = [observation(2 * n, 2 * n + 1, healthy=n % 2 == 0) for n in range(MOST_IN_A_PLACE + 2)]


def test_few_stay_as_they_are() -> None:
    assert folded(FLAPPING[:MOST_IN_A_PLACE]) is None
    assert folded([]) is None


def test_the_older_half_of_too_many_is_one_unhealthy_time() -> None:
    fold = folded(reversed(FLAPPING))
    assert fold is not None
    assert (fold.healthy, fold.requests) == (False, 110)
    assert (fold.started_at, fold.finished_at) == (FLAPPING[0].started_at, FLAPPING[10].finished_at)
    assert fold.error_rate == pytest.approx(0.5 * 5 / 11)


@settings(max_examples=20, deadline=None)  # each signs dozens of statements
@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 9), st.booleans()), min_size=21))
def test_a_fold_replaces_the_older_half_and_no_more_time_counts(
    told: list[tuple[int, int, bool]],
) -> None:
    seen = [observation(a, a + length, healthy=good) for a, length, good in told]
    fold = folded(seen)
    assert fold is not None
    newer = OBSERVER.sign(stated(fold))
    left = [one for one in seen if not replaces(newer, OBSERVER.sign(stated(one)))]
    assert len(left) <= len(seen) - len(seen) // 2
    sightings = [Sighting(o.started_at, o.finished_at, o.healthy) for o in (*left, fold)]
    before = [Sighting(o.started_at, o.finished_at, o.healthy) for o in seen]
    until = START + timedelta(hours=3)
    assert healthy_time(sightings, until) <= healthy_time(before, until)
