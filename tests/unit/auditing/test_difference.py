"""The first field that differs is named, with both values."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from turnpike.auditing.difference import first_difference


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        ({"b": 1, "a": 1}, {"a": 2, "b": 2}, ("a", "1", "2")),
        ({"a": {"b": [1, {"c": True}]}}, {"a": {"b": [1, {"c": 1}]}}, ("a.b.1.c", "true", "1")),
        ({"a": 1}, {}, ("a", "1", "no such field")),
        ({}, {"a": None}, ("a", "no such field", "null")),
        ({"a": [1]}, {"a": [1, 2]}, ("a", "1 entries", "2 entries")),
        ([], {}, ("", "[]", "{}")),
    ],
)
def test_the_first_difference_is_named_by_its_path(
    expected: JsonValue, actual: JsonValue, found: tuple[str, str, str]
) -> None:
    assert first_difference(expected, actual) == found


def test_the_same_bytes_are_no_difference() -> None:
    assert first_difference({"a": 1, "b": [None]}, {"b": [None], "a": 1.0}) is None
