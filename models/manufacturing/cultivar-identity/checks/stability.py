"""What the laboratory cannot tell apart, the model does not tell apart either."""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, float]

REPEATABILITY = 1.002
TOLERATED_SHARE = 0.05


def check_stability(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """A second measurement within 0.2 % of the first changes at most 5 % of the answers."""
    repeated = [{column: value * REPEATABILITY for column, value in row.items()} for row in data]
    pairs = zip(predict(data), predict(repeated), strict=True)
    changed = sum(before != after for before, after in pairs)
    assert changed <= TOLERATED_SHARE * len(data), (
        f"expected at most {TOLERATED_SHARE:.0%} of the answers to change on a repeated "
        f"measurement, got {changed} of {len(data)}"
    )
