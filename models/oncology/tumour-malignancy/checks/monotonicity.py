"""A tumour with larger and more irregular nuclei is never called less malignant."""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, float]

WORSE_BY = 1.5
GROWING = ("worst radius", "worst perimeter", "worst area", "worst concave points")


def check_monotonicity(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """No record moves from malignant (0) to benign (1) when its worst nuclei grow by half."""
    worse = [row | {column: row[column] * WORSE_BY for column in GROWING} for row in data]
    pairs = zip(predict(data), predict(worse), strict=True)
    wrong = [number for number, (before, after) in enumerate(pairs) if after > before]
    assert not wrong, (
        f"expected no record to look more benign once its nuclei grow by half, "
        f"got {len(wrong)} of {len(data)}, the first at position {wrong[0]}"
    )
