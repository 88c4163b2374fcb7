"""Durations are read as RFC 5545 writes them, and nothing else is taken for one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from turnpike.topology.duration import LONGEST, Duration, DurationText, duration_of


@pytest.mark.parametrize(
    ("text", "days", "minutes"),
    [
        ("PT8H", 0, 480),
        ("PT90M", 0, 90),
        ("PT1H30M", 0, 90),
        ("P1D", 1, 0),
        ("P2W", 14, 0),
        ("P1DT12H", 1, 720),
        ("P366D", 366, 0),
        ("PT1M", 0, 1),
    ],
)
def test_days_of_the_calendar_and_exact_minutes_are_kept_apart(
    text: str, days: int, minutes: int
) -> None:
    found = duration_of(text)
    assert found == Duration(days, minutes)
    assert found.nominal == timedelta(days=days, minutes=minutes)


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1", "8H", "PT8", "PT8S", "P1M", "P1Y", "P1W2D", "PT-1H", "pt8h", "PT8H\n",
     "PT٨H", "P1DT"],
)  # fmt: skip
def test_what_the_standard_or_we_do_not_know_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as PT8H"):
        duration_of(text)


@pytest.mark.parametrize("text", ["PT0M", "P0D", "P367D", "P53W", "P366DT1M", "PT9999H"])
def test_nothing_and_more_than_the_longest_are_refused(text: str) -> None:
    assert timedelta(days=366) == LONGEST
    with pytest.raises(ValueError, match="a minute to 366 days"):
        duration_of(text)


def test_a_document_keeps_the_text_and_says_what_was_expected() -> None:
    readable = TypeAdapter(DurationText)
    assert readable.validate_python("PT8H") == "PT8H"
    with pytest.raises(ValidationError, match="such as PT8H"):
        readable.validate_python("eight hours")
