"""Cron expressions are read strictly; what a range of one means is told in schedule/."""

from __future__ import annotations

import pytest

from turnpike.topology.cron import cron_of


def test_the_fields_are_those_written() -> None:
    fields = cron_of("*/30 22-23/1 1-1/7 feb-2/3 MON")
    assert (set(fields.minutes), set(fields.hours)) == ({0, 30}, {22, 23})
    assert (set(fields.days), set(fields.months)) == ({1}, {2})


@pytest.mark.parametrize(
    "text", ["0 9 * *", "0 9 * * * *", "5-5/0 9 * * *", "60-60/2 9 * * *", "xx-xx/2 9 * * *"]
)
def test_anything_else_is_refused_by_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="five cron fields"):
        cron_of(text)
