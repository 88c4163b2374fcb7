"""By the clock's face hours are longer or shorter where clocks are changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from turnpike.schedule.clock_face import changes_of_clocks, first_difference
from turnpike.schedule.occurrences import occurrences_of
from turnpike.topology.zone import zone
from unit.schedule.entries import window

FORWARD = datetime(2027, 3, 28, 1, tzinfo=UTC)
BACK = datetime(2027, 10, 31, 1, tzinfo=UTC)


def test_changes_of_clocks_are_found_to_the_minute() -> None:
    found = changes_of_clocks(zone("Europe/Berlin"), date(2027, 1, 1), 1)
    assert found == (FORWARD, BACK)
    assert changes_of_clocks(zone("UTC"), date(2027, 1, 1), 28) == ()
    assert len(changes_of_clocks(zone("Europe/Berlin"), date(2027, 1, 1), 28)) == 56


@pytest.mark.parametrize(
    ("cron", "duration", "around", "differs"),
    [
        ("0 9 * * *", "PT8H", FORWARD, None),
        ("0 22 * * *", "PT4H", FORWARD, None),  # ends as the clock jumps
        ("0 22 * * *", "PT5H", BACK, datetime(2027, 10, 31, 1, tzinfo=UTC)),
        ("0 22 * * *", "PT8H", FORWARD, datetime(2027, 3, 28, 4, tzinfo=UTC)),
        ("0 22 * * *", "P1D", BACK, None),
        ("30 2 * * *", "PT1H", FORWARD, datetime(2027, 3, 28, 1, tzinfo=UTC)),
    ],
)
def test_a_difference_is_found_where_there_is_one(
    cron: str, duration: str, around: datetime, differs: datetime | None
) -> None:
    entry = occurrences_of(window("a", "Europe/Berlin", cron=cron, duration=duration))
    length = entry.length.nominal if entry.length else timedelta()
    assert first_difference(entry, length, (around,)) == differs
