"""A higher body-mass index or blood pressure never predicts a milder course."""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, float]

STEPS = {"bmi": 2.0, "bp": 10.0}  # kg/m2, mm Hg


def check_monotonicity(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """Two points of body-mass index, or ten of blood pressure, lower no score."""
    before = predict(data)
    for column, step in STEPS.items():
        after = predict([row | {column: row[column] + step} for row in data])
        lower = sum(b > a for b, a in zip(before, after, strict=True))
        assert lower == 0, f"expected no lower score for a higher {column}, got {lower} records"
