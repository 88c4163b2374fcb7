"""The answers are the three cultivars of the source."""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, float]

CULTIVARS = (0, 1, 2)


def check_plausibility(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """Every answer is 0, 1 or 2."""
    unknown = sorted({answer for answer in predict(data) if answer not in CULTIVARS})
    assert not unknown, f"expected only the classes {CULTIVARS}, got also {unknown[:5]}"
