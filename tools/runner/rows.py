"""Rows of a request to what a model takes: strict by the signature, before the model sees any."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


class WrongValue(ValueError):
    """A value is not of its column's type."""


@dataclass(frozen=True)
class Column:
    """One named input; ``type`` is double, long, boolean or string."""

    name: str
    type: str
    required: bool = True


Cell = float | int | bool | str | None
Row = Sequence[Cell]


def typed(rows: Sequence[Row], columns: Sequence[Column]) -> list[list[Cell]]:
    """Return the rows with every value of its column's type; a missing number becomes NaN.

    Raises WrongValue for another number of values, another type, or a missing required text.
    """
    for row in rows:
        if len(row) != len(columns):
            raise WrongValue(f"expected {len(columns)} values, got {len(row)}")
    return [[_value(v, c) for v, c in zip(row, columns, strict=True)] for row in rows]


def _value(value: Cell, column: Column) -> Cell:
    if value is None:
        return _missing(column)
    if column.type == "string" and isinstance(value, str):
        return value
    if column.type == "boolean" and isinstance(value, bool):
        return value
    if column.type == "long" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if column.type == "double" and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    raise WrongValue(f"{column.name}: expected {column.type}, got {str(value)[:40]!r}")


def _missing(column: Column) -> float:
    if column.type in ("double", "long"):
        return math.nan
    raise WrongValue(f"{column.name}: expected {column.type}, got nothing")
