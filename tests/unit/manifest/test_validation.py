"""What a version must show is measured by known metrics."""

from __future__ import annotations

from typing import get_args

import pytest
from pydantic import JsonValue, ValidationError

from turnpike.manifest.validation import LOWER_IS_BETTER, Metric, Validation

GOOD: dict[str, JsonValue] = {
    "task": "regression",
    "thresholds": {"rmse": 60.0},
    "margin": {"rmse": 1.0},
    "seed": 7,
    "budget": {"latencyMilliseconds": 50.0, "memoryMebibytes": 512.0},
}


def test_a_validation_needs_neither_slices_nor_checks() -> None:
    validation = Validation.model_validate(GOOD)
    assert validation.slices == ()
    assert validation.checks == ()


@pytest.mark.parametrize(
    "change",
    [
        {"thresholds": {}},
        {"thresholds": {"vibes": 1.0}},
        {"thresholds": {"rmse": "60"}},
        {"margin": {}},
        {"seed": -1},
        {"seed": 2**31},
        {"task": "clustering"},
        {"checks": ["../escape"]},
    ],
    ids=str,
)
def test_a_validation_without_thresholds_margin_or_seed_is_refused(
    change: dict[str, JsonValue],
) -> None:
    with pytest.raises(ValidationError):
        Validation.model_validate(GOOD | change)


def test_metrics_that_fall_as_a_model_improves_are_metrics() -> None:
    assert set(get_args(Metric)) > LOWER_IS_BETTER
