"""The recorded sex alone moves no score by more than a clinician would notice."""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, float]

TOLERATED = 30.0


def check_fairness(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """Two records that differ in the recorded sex only differ by at most 30 points."""
    codes = sorted({row["sex"] for row in data})
    lowest = predict([row | {"sex": codes[0]} for row in data])
    highest = predict([row | {"sex": codes[-1]} for row in data])
    gap = max(abs(a - b) for a, b in zip(lowest, highest, strict=True))
    assert gap <= TOLERATED, f"expected at most {TOLERATED} points between the sexes, got {gap:.1f}"
