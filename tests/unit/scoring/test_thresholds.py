"""A threshold is a floor, or a ceiling where lower is better; what was not measured fails."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.evidence.predicates import MetricValue
from turnpike.manifest.validation import Metric, Validation
from turnpike.scoring.thresholds import is_met, threshold_checks
from unit.registration.manifests import predictive

_VALIDATION = predictive().validation


def _with(**thresholds: float) -> Validation:
    return _VALIDATION.model_copy(update={"thresholds": thresholds, "slices": ()})


def _value(metric: str, value: float, part: str = "overall") -> MetricValue:
    return MetricValue(slice=part, metric=metric, value=value, records=9)


@pytest.mark.parametrize(
    ("metric", "value", "passed"),
    [
        ("accuracy", 0.9, True),
        ("accuracy", 0.8999999, False),
        ("rmse", 0.9, True),
        ("rmse", 0.9000001, False),
    ],
)
def test_a_value_at_its_threshold_passes_and_one_beyond_it_fails(
    metric: Metric, value: float, passed: bool
) -> None:
    (check,) = threshold_checks(_with(**{metric: 0.9}), [_value(metric, value)])
    assert check.passed is passed


def test_a_failed_check_says_what_was_expected_and_found() -> None:
    (check,) = threshold_checks(_with(accuracy=0.9), [_value("accuracy", 0.85)])
    assert (check.name, check.expected, check.actual) == (
        "threshold overall accuracy", "at least 0.9", "0.85 on 9 records",
    )  # fmt: skip


def test_a_near_miss_does_not_look_like_a_hit() -> None:
    (check,) = threshold_checks(_with(accuracy=0.9), [_value("accuracy", 0.899999)])
    assert check.actual.startswith("0.899999")


def test_what_was_not_measured_fails() -> None:
    (check,) = threshold_checks(_with(roc_auc=0.5), [_value("accuracy", 1.0)])
    assert not check.passed
    assert check.actual.startswith("not measured")


def test_a_slice_is_held_to_its_own_threshold_by_its_own_value() -> None:
    values = [_value("accuracy", 0.7), _value("accuracy", 0.4, "strong")]
    passed = {check.name: check.passed for check in threshold_checks(_VALIDATION, values)}
    assert passed == {"threshold overall accuracy": True, "threshold strong accuracy": False}


@settings(deadline=None)
@given(
    metric=st.sampled_from(("accuracy", "rmse")),
    value=st.floats(-5, 5),
    better=st.floats(0, 5),
    threshold=st.floats(-5, 5),
)
def test_a_better_value_never_fails_where_a_worse_one_passes(
    metric: str, value: float, better: float, threshold: float
) -> None:
    step = -better if metric == "rmse" else better
    assert is_met(metric, value + step, threshold) or not is_met(metric, value, threshold)
