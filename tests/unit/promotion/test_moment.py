"""Moments and counts as people say them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.promotion.moment import counted, past, spoken
from unit.judge.examples import NOW


def test_today_is_told_by_its_time_alone() -> None:
    assert spoken(NOW + timedelta(hours=3), NOW) == "12:00 UTC"
    assert past(NOW - timedelta(hours=3), NOW) == "06:00 UTC"


def test_another_day_is_told_with_its_date_in_the_zone_of_the_entry() -> None:
    later = NOW + timedelta(days=1)
    assert spoken(later, NOW, "Europe/Berlin") == "2026-03-03 10:00 Europe/Berlin"
    assert past(NOW - timedelta(days=1), NOW) == "2026-03-01 09:00 UTC"


@given(st.integers(0, 3600 * 14))
def test_nothing_is_told_to_be_sooner_than_it_is(seconds: int) -> None:
    at = NOW + timedelta(seconds=seconds)
    hour, minute = map(int, spoken(at, NOW).removesuffix(" UTC").split(":"))
    told = NOW.replace(hour=hour, minute=minute)
    assert timedelta() <= told - at < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("count", "text"), [(1, "one approval"), (2, "two approvals"), (12, "12 approvals")]
)
def test_counts_are_words_as_far_as_people_say_them(count: int, text: str) -> None:
    assert counted(count, "approval") == text
