"""Spans of time are told with their unit, and nothing else is one."""

from __future__ import annotations

from datetime import timedelta

import click
import pytest

from turnpike.cli.span import Span


@pytest.mark.parametrize(("text", "seconds"), [
    ("500ms", 0.5), ("10s", 10), ("1.5s", 1.5), ("5m", 300), ("2h", 7200),
])  # fmt: skip
def test_a_number_with_a_unit_is_a_span(text: str, seconds: float) -> None:
    assert Span().convert(text, None, None) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "10", "s", "0s", "-1s", "1d", "10 s", "1e3s", "٣s"])
def test_anything_else_is_none(text: str) -> None:
    with pytest.raises(click.BadParameter, match="such as 500ms"):
        Span().convert(text, None, None)
