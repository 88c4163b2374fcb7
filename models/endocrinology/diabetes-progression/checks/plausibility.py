"""The answers stay on the scale on which the progression was scored."""

from __future__ import annotations

from collections.abc import Callable

Row = dict[str, float]

LOWEST, HIGHEST = 0.0, 400.0


def check_plausibility(predict: Callable[[list[Row]], list[float]], data: list[Row]) -> None:
    """Every score lies between 0 and 400; the scores that were observed lie within 25 to 346."""
    answers = predict(data)
    outside = [answer for answer in answers if not LOWEST <= answer <= HIGHEST]
    assert not outside, f"expected scores from {LOWEST} to {HIGHEST}, got {outside[:5]}"
