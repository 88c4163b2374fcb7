"""Slices pick their records by one column."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.errors import InputError
from turnpike.manifest.validation import Operator, Slice
from turnpike.scoring.records import Records

_RECORDS = Records({"age": (10.0, 20.0, 30.0), "city": ("b", "a", "c")}, (0, 1, 0))


def _slice(column: str, operator: Operator, value: float | str) -> Slice:
    return Slice(
        name="some", column=column, operator=operator, value=value, thresholds={"accuracy": 0.5}
    )


@pytest.mark.parametrize(
    ("operator", "expected"),
    [("==", (1,)), ("<", (0,)), ("<=", (0, 1)), (">", (2,)), (">=", (1, 2))],
)
def test_each_operator_picks_what_it_says(operator: Operator, expected: tuple[int, ...]) -> None:
    assert _RECORDS.members(_slice("age", operator, 20.0)) == expected


def test_text_is_compared_as_text() -> None:
    assert _RECORDS.members(_slice("city", "<=", "b")) == (0, 1)


@settings(deadline=None)
@given(cells=st.lists(st.floats(-10, 10), max_size=30), value=st.floats(-10, 10))
def test_below_and_not_below_part_the_records(cells: list[float], value: float) -> None:
    records = Records({"x": tuple(cells)}, (0,) * len(cells))
    below = records.members(_slice("x", "<", value))
    above = records.members(_slice("x", ">=", value))
    assert sorted((*below, *above)) == list(range(len(cells)))


def test_a_column_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(InputError, match="age, city") as refusal:
        _RECORDS.members(_slice("height", "==", 1.0))
    assert refusal.value.code == "validation.slice"


@pytest.mark.parametrize(("column", "value"), [("age", "old"), ("city", 3.0)])
def test_text_is_not_compared_with_numbers(column: str, value: float | str) -> None:
    with pytest.raises(InputError):
        _RECORDS.members(_slice(column, "==", value))
