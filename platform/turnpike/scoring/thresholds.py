"""Holds measured metrics against the manifest's thresholds, overall and slice by slice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from turnpike.evidence.predicates import Check, MetricValue
from turnpike.manifest.validation import LOWER_IS_BETTER, Metric, Validation
from turnpike.scoring.score import OVERALL


def threshold_checks(validation: Validation, metrics: Sequence[MetricValue]) -> tuple[Check, ...]:
    """Return one check for each threshold; a metric that was not measured fails its check."""
    found = {(value.slice, value.metric): value for value in metrics}
    checks = list(_checks(OVERALL, validation.thresholds, found))
    for part in validation.slices:
        checks.extend(_checks(part.name, part.thresholds, found))
    return tuple(checks)


def _checks(
    part: str,
    thresholds: Mapping[Metric, float],
    found: Mapping[tuple[str, str], MetricValue],
) -> Iterator[Check]:
    for metric, threshold in sorted(thresholds.items()):
        value = found.get((part, metric))
        yield Check(
            name=f"threshold {part} {metric}",
            passed=value is not None and is_met(metric, value.value, threshold),
            expected=f"{sign_of(metric)} {shown(threshold)}",
            actual=_said(value),
        )


def is_met(metric: str, value: float, threshold: float) -> bool:
    """Tell whether a value is at or on the better side of a threshold."""
    return value <= threshold if metric in LOWER_IS_BETTER else value >= threshold


def sign_of(metric: str) -> str:
    """Return the comparison that a value must pass, for people."""
    return "at most" if metric in LOWER_IS_BETTER else "at least"


def shown(value: float) -> str:
    """Return a metric for people: six digits, so that a near miss does not look like a hit."""
    return f"{value:.6g}"


def _said(value: MetricValue | None) -> str:
    if value is None:
        return "not measured: the records leave it undefined, or the model gives no probabilities"
    return f"{shown(value.value)} on {value.records} records"
