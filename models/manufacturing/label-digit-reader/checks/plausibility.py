"""The answers are decimal digits, and the sample shows many of them."""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, float]

DIGITS = range(10)
LEAST_DIFFERENT = 5


def check_plausibility(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """Every answer is a whole number from 0 to 9, and they are not all the same few."""
    answers = predict(data)
    unknown = sorted({answer for answer in answers if answer not in DIGITS})
    assert not unknown, f"expected only the digits 0 to 9, got also {unknown[:5]}"
    found = len(set(answers))
    least = min(LEAST_DIFFERENT, len(data))
    assert found >= least, f"expected at least {least} different digits, got {found}"
