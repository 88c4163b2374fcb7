"""A local time means one instant, also where clocks jump forward or back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from turnpike.schedule.local_time import instant_of, passes_of
from turnpike.topology.zone import zone

BERLIN = zone("Europe/Berlin")  # forward on 2026-03-29 at 02:00, back on 2026-10-25 at 03:00


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        (datetime(2026, 3, 2, 9), utc(2026, 3, 2, 8)),
        (datetime(2026, 7, 2, 9), utc(2026, 7, 2, 7)),
        (datetime(2026, 3, 29, 2, 30), utc(2026, 3, 29, 1, 30)),  # skipped: read as 03:30
        (datetime(2026, 10, 25, 2, 30), utc(2026, 10, 25, 0, 30)),  # twice: the first
    ],
)
def test_a_local_time_is_one_instant(local: datetime, instant: datetime) -> None:
    assert instant_of(local, BERLIN) == instant


@pytest.mark.parametrize(
    ("local", "instants"),
    [
        (datetime(2026, 3, 2, 9), [utc(2026, 3, 2, 8)]),
        (datetime(2026, 3, 29, 1, 59), [utc(2026, 3, 29, 0, 59)]),
        (datetime(2026, 3, 29, 2, 0), []),
        (datetime(2026, 3, 29, 2, 59), []),
        (datetime(2026, 3, 29, 3, 0), [utc(2026, 3, 29, 1)]),
        (datetime(2026, 10, 25, 1, 59), [utc(2026, 10, 24, 23, 59)]),
        (datetime(2026, 10, 25, 2, 0), [utc(2026, 10, 25, 0), utc(2026, 10, 25, 1)]),
        (datetime(2026, 10, 25, 3, 0), [utc(2026, 10, 25, 2)]),
    ],
)
def test_the_face_of_the_clock_shows_a_time_never_once_or_twice(
    local: datetime, instants: list[datetime]
) -> None:
    assert list(passes_of(local, BERLIN)) == instants


def test_a_zone_without_changes_of_clocks_shows_every_time_once() -> None:
    assert passes_of(datetime(2026, 3, 29, 2, 30), zone("UTC")) == (utc(2026, 3, 29, 2, 30),)
