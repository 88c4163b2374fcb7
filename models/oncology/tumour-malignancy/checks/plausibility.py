"""The answers are classes that exist, and both of them occur."""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, float]


def check_plausibility(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """Every answer is 0 (malignant) or 1 (benign), and the sample has some of each."""
    answers = predict(data)
    unknown = sorted({answer for answer in answers if answer not in (0, 1)})
    assert not unknown, f"expected only the classes 0 and 1, got also {unknown[:5]}"
    assert len(set(answers)) == 2, f"expected both classes, got {answers[0]} for all records"
