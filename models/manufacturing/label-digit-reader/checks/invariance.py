"""A slightly fainter print is still the same digit."""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, float]

FAINTER = 0.95
TOLERATED_SHARE = 0.05


def check_invariance(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """Five per cent less ink everywhere changes at most 5 % of the answers."""
    fainter = [{pixel: ink * FAINTER for pixel, ink in row.items()} for row in data]
    pairs = zip(predict(data), predict(fainter), strict=True)
    changed = sum(before != after for before, after in pairs)
    assert changed <= TOLERATED_SHARE * len(data), (
        f"expected at most {TOLERATED_SHARE:.0%} of the answers to change with fainter ink, "
        f"got {changed} of {len(data)}"
    )
