"""A version may be worse than the live one by its margin, and not by more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.evidence.predicates import MetricValue
from turnpike.manifest.validation import Metric
from turnpike.scoring.live_comparison import comparison_checks
from unit.registration.manifests import predictive

_VALIDATION = predictive().validation


def _checks(metric: Metric, margin: float, new: float, live: float) -> tuple[bool, ...]:
    validation = _VALIDATION.model_copy(update={"margin": {metric: margin}})
    checks = comparison_checks(validation, [_value(metric, new)], [_value(metric, live)])
    return tuple(check.passed for check in checks)


def _value(metric: str, value: float, part: str = "overall") -> MetricValue:
    return MetricValue(slice=part, metric=metric, value=value, records=9)


@pytest.mark.parametrize(
    ("metric", "new", "live", "passed"),
    [
        ("accuracy", 0.85, 0.9, True),
        ("accuracy", 0.84, 0.9, False),
        ("accuracy", 0.95, 0.9, True),
        ("rmse", 1.05, 1.0, True),
        ("rmse", 1.06, 1.0, False),
        ("rmse", 0.5, 1.0, True),
    ],
)
def test_the_margin_is_the_most_that_may_be_lost(
    metric: Metric, new: float, live: float, passed: bool
) -> None:
    assert _checks(metric, 0.05 + 1e-12, new, live) == (passed,)


@settings(deadline=None)
@given(metric=st.sampled_from(("accuracy", "rmse")), value=st.floats(0, 1), margin=st.floats(0, 1))
def test_the_same_version_is_never_worse_than_itself(
    metric: Metric, value: float, margin: float
) -> None:
    assert _checks(metric, margin, value, value) == (True,)


def test_without_a_live_version_nothing_can_be_worse() -> None:
    (check,) = comparison_checks(_VALIDATION, [], None)
    assert check.passed


@pytest.mark.parametrize(("new", "live"), [([0.9], []), ([], [0.9]), ([], [])])
def test_what_cannot_be_compared_counts_as_worse(new: list[float], live: list[float]) -> None:
    checks = comparison_checks(
        _VALIDATION,
        [_value("accuracy", value) for value in new],
        [_value("accuracy", value) for value in live],
    )
    assert [check.passed for check in checks] == [False]


def test_a_slice_of_the_live_version_does_not_stand_in_for_its_whole() -> None:
    live = [_value("accuracy", 0.1, "strong")]
    (check,) = comparison_checks(_VALIDATION, [_value("accuracy", 0.9)], live)
    assert not check.passed


def test_a_regression_names_the_metric_the_margin_and_both_values() -> None:
    live = [_value("accuracy", 0.95)]
    (check,) = comparison_checks(_VALIDATION, [_value("accuracy", 0.8)], live)
    assert (check.name, check.actual) == ("no regression accuracy", "0.8")
    assert check.expected == "at least 0.9 (live 0.95, margin 0.05)"
