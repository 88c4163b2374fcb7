"""What observers saw of a step of a rollout: whether the next one may follow, and if not, why.

Nothing that is missing counts as good: without statements an analysis goes on for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from turnpike.evidence.predicates import Observation
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.serving import ServiceLevel
from turnpike.manifest.validation import LOWER_IS_BETTER
from turnpike.schedule.soak import Sighting, healthy_time
from turnpike.scoring.metrics import NEEDS_PROBABILITIES
from turnpike.topology.rollout import Analysis

AnalysisVerdict = Literal["passed", "running", "failed"]
_OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Limits:
    """What an analysis asks for of one model: ``latency`` in milliseconds, metrics by name."""

    analysis: Analysis
    latency: float | None
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Analysed:
    """The answer: ``reasons`` say what failed, or what is still missing."""

    verdict: AnalysisVerdict
    seen_seconds: int
    requests: int
    reasons: tuple[str, ...]


def limits_for(analysis: Analysis, model: PredictiveModel | GenerativeModel) -> Limits:
    """Return the limits of an analysis for a model: its own promise and thresholds where asked."""
    metrics: dict[str, float] = {}
    if isinstance(model, PredictiveModel):
        metrics = {str(metric): value for metric, value in model.validation.thresholds.items()}
    return limits_of(analysis, model.slo, metrics)


def limits_of(
    analysis: Analysis, promise: ServiceLevel | None, metrics: Mapping[str, float]
) -> Limits:
    """Return the limits of an analysis, from what a manifest promises and must reach.

    A server answers classes and values, so that nothing which needs probabilities is asked.
    """
    own = analysis.maximum_latency_p95_milliseconds
    promised = promise.latency_p95_milliseconds if promise else None
    asked = {name: value for name, value in metrics.items() if name not in NEEDS_PROBABILITIES}
    return Limits(analysis, own if own is not None else promised, asked)


def analysed(
    limits: Limits, observations: Iterable[Observation], since: datetime, now: datetime
) -> Analysed:
    """Return what was seen of one place from a moment on, as of now.

    A statement that began before says something of another share. It counts only against the step,
    where it reaches into it and breaks a limit.
    """
    seen = tuple(
        one
        for one in observations
        if one.started_at >= since or (one.finished_at > since and not _is_kept(limits, one))
    )
    sightings = (Sighting(o.started_at, o.finished_at, _is_kept(limits, o)) for o in seen)
    seconds = healthy_time(sightings, now) // timedelta(seconds=1)
    requests = sum(one.requests for one in seen)
    failed = tuple(_failures(limits, seen, requests))
    missing = tuple(_missing(limits, seen, seconds, requests))
    verdict: AnalysisVerdict = "failed" if failed else "running" if missing else "passed"
    return Analysed(verdict, seconds, requests, failed or missing)


def _is_kept(limits: Limits, seen: Observation) -> bool:
    is_quick = limits.latency is None or seen.latency_p95_milliseconds <= limits.latency
    return seen.error_rate <= limits.analysis.maximum_error_rate and is_quick


def _failures(limits: Limits, seen: tuple[Observation, ...], requests: int) -> Iterator[str]:
    if requests >= limits.analysis.minimum_requests:
        errors = sum(one.error_rate * one.requests for one in seen) / requests
        if errors > limits.analysis.maximum_error_rate:
            yield (
                f"{errors:.2%} of {requests} requests failed, at most"
                f" {limits.analysis.maximum_error_rate:.2%} may"
            )
        slow = sum(one.latency_p95_milliseconds * one.requests for one in seen) / requests
        if limits.latency is not None and slow > limits.latency:
            yield f"{slow:.0f} ms at the 95th percentile, at most {limits.latency:g} ms"
    if limits.analysis.demands_quality:
        yield from _worse(limits, seen)


def _worse(limits: Limits, seen: tuple[Observation, ...]) -> Iterator[str]:
    for metric, wanted in sorted(limits.metrics.items()):
        values = _values(seen, metric)
        if metric in LOWER_IS_BETTER and max(values, default=wanted) > wanted:
            yield f"{metric} {max(values):.4g} on what serves, at most {wanted:g}"
        if metric not in LOWER_IS_BETTER and min(values, default=wanted) < wanted:
            yield f"{metric} {min(values):.4g} on what serves, at least {wanted:g}"


def _missing(
    limits: Limits, seen: tuple[Observation, ...], seconds: int, requests: int
) -> Iterator[str]:
    asked = limits.analysis
    if seconds < asked.duration_seconds:
        yield f"{seconds} of {asked.duration_seconds} seconds seen within the limits"
    if requests < asked.minimum_requests:
        yield f"{requests} of {asked.minimum_requests} requests"
    if asked.demands_quality:
        unseen = [m for m in sorted(limits.metrics) if not _values(seen, m)]
        if unseen or not limits.metrics:
            yield f"nobody has measured {', '.join(unseen) or 'any metric'} on what serves"


def _values(seen: tuple[Observation, ...], metric: str) -> list[float]:
    return [
        one.value
        for said in seen
        for one in said.quality
        if (one.slice, one.metric) == (_OVERALL, metric) and one.records > 0
    ]
