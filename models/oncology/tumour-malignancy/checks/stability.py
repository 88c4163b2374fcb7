"""An error of measurement hardly ever changes the answer, nor does the company of a record."""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, float]

NOISE = 1.005
TOLERATED_SHARE = 0.02


def check_stability(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """A deviation of 0.5 % in all measurements changes at most 2 % of the answers."""
    noisy = [{column: value * NOISE for column, value in row.items()} for row in data]
    pairs = zip(predict(data), predict(noisy), strict=True)
    changed = sum(before != after for before, after in pairs)
    assert changed <= TOLERATED_SHARE * len(data), (
        f"expected at most {TOLERATED_SHARE:.0%} of the answers to change under measurement "
        f"noise, got {changed} of {len(data)}"
    )


def check_order_of_records(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """The answer for a record does not depend on which records stand before it."""
    backwards = predict(data[::-1])[::-1]
    assert backwards == predict(data), "expected the same answers for the records in reverse order"
