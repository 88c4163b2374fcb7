"""Holds measured metrics against those of the version that is live in production."""

from __future__ import annotations

from collections.abc import Sequence

from turnpike.evidence.predicates import Check, MetricValue
from turnpike.manifest.validation import LOWER_IS_BETTER, Metric, Validation
from turnpike.scoring.score import OVERALL
from turnpike.scoring.thresholds import is_met, shown, sign_of


def comparison_checks(
    validation: Validation,
    metrics: Sequence[MetricValue],
    live: Sequence[MetricValue] | None,
) -> tuple[Check, ...]:
    """Return one check for each metric with a margin; None means that no version is live.

    A metric that is missing on either side fails: what cannot be compared counts as worse.
    """
    if live is None:
        found = "no version is live in production"
        return (Check(name="no regression", passed=True, expected="none worse", actual=found),)
    new, old = _overall(metrics), _overall(live)
    return tuple(
        _check(metric, new.get(metric), old.get(metric), margin)
        for metric, margin in sorted(validation.margin.items())
    )


def _check(metric: Metric, new: float | None, old: float | None, margin: float) -> Check:
    name = f"no regression {metric}"
    if old is None or new is None:
        expected = "a value of the live version and of this one"
        actual = f"live {_or_none(old)}, this {_or_none(new)}"
        return Check(name=name, passed=False, expected=expected, actual=actual)
    bound = old + margin if metric in LOWER_IS_BETTER else old - margin
    return Check(
        name=name,
        passed=is_met(metric, new, bound),
        expected=f"{sign_of(metric)} {shown(bound)} (live {shown(old)}, margin {shown(margin)})",
        actual=shown(new),
    )


def _overall(metrics: Sequence[MetricValue]) -> dict[str, float]:
    return {value.metric: value.value for value in metrics if value.slice == OVERALL}


def _or_none(value: float | None) -> str:
    return "not measured" if value is None else shown(value)
