"""Which alerts a deployment has, and the query of each; one runbook for each name.

The series are MLServer's (``rest_server_*``), kube-state-metrics' (``kube_*``) and Turnpike's own
observers' (``turnpike_*``). Burn rates and windows: Google SRE Workbook, chapter 5, table 5-8.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from turnpike.manifest.serving import Decay, DriftFeature, ServiceLevel
from turnpike.manifest.validation import LOWER_IS_BETTER
from turnpike.rendering.artifact import VERIFYING
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.model_series import DURATIONS, FAILED, REQUESTS, series_of
from turnpike.rendering.prometheus_text import literal, number, quoted

PAGE, TICKET = "page", "ticket"
# The server's histogram has no bound above this one, so a slower answer cannot be told apart.
_SLOWEST_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Alert:
    """One rule: ``duration`` is how long the expression holds before anybody is told."""

    name: str
    expression: str
    duration: str
    severity: str
    summary: str


def alerts_of(deployment: Deployment) -> tuple[Alert, ...]:
    """Return the alerts that the manifest's promises ask for, in a fixed order."""
    model = deployment.model
    promised = model.slo
    series, observed = series_of(deployment.namespace, model.name), _observed(deployment)
    found = [_verification_failed(deployment), _unavailable(series)]
    if promised is not None:
        found += [*_budget_burns(series, promised), _latency(series, promised)]
    found += [_drift(observed, feature) for feature in model.monitoring.drift]
    if model.monitoring.decay is not None:
        found.append(_decay(observed, model.monitoring.decay))
    return tuple(found)


def _observed(deployment: Deployment) -> str:
    """Return the label matchers of what Turnpike's observers say of the deployment."""
    model = deployment.model
    return (
        f"environment={quoted(deployment.environment.name)},"
        f"target={quoted(deployment.target.name)},"
        f"team={quoted(model.team)},model={quoted(model.name)}"
    )


def _verification_failed(deployment: Deployment) -> Alert:
    pods = quoted(f"{deployment.model.name}-predictor-.*")
    series = (
        "kube_pod_init_container_status_restarts_total"
        f"{{namespace={quoted(deployment.namespace)},pod=~{pods},container={quoted(VERIFYING)}}}"
    )
    return Alert(
        "ModelArtifactVerificationFailed",
        f"sum(increase({series}[15m])) > 0",
        "0m",
        PAGE,
        "The stored bytes are not the released artifact; the pod does not start.",
    )


def _unavailable(series: str) -> Alert:
    return Alert(
        "ModelUnavailable",
        f"absent(up{{{series}}} == 1)",
        "5m",
        PAGE,
        "No replica answers.",
    )


def _budget_burns(series: str, promised: ServiceLevel) -> Iterator[Alert]:
    budget = f"(1 - {number(promised.availability_percent)} / 100)"
    for severity, rate, long, short in ((PAGE, "14.4", "1h", "5m"), (TICKET, "6", "6h", "30m")):
        limit = f"{rate} * {budget}"
        yield Alert(
            "ModelErrorBudgetBurn",
            f"{_error_ratio(series, long)} > {limit} and {_error_ratio(series, short)} > {limit}",
            "2m",
            severity,
            f"Errors use up the availability promise of {number(promised.availability_percent)} %"
            f" at {rate} times the rate that it allows.",
        )


def _error_ratio(series: str, window: str) -> str:
    requests = f"{REQUESTS}{{{series}"
    return f"sum(rate({requests},{FAILED}}}[{window}])) / sum(rate({requests}}}[{window}]))"


def _latency(series: str, promised: ServiceLevel) -> Alert:
    milliseconds = promised.latency_p95_milliseconds
    limit = min(milliseconds / 1000, _SLOWEST_SECONDS)
    buckets = f"{DURATIONS}{{{series}}}"
    return Alert(
        "ModelLatencyHigh",
        f"histogram_quantile(0.95, sum by (le) (rate({buckets}[5m]))) >= {number(limit)}",
        "10m",
        PAGE,
        f"One answer in twenty takes longer than the promised {number(milliseconds)} ms.",
    )


def _drift(observed: str, feature: DriftFeature) -> Alert:
    series = (
        f"turnpike_feature_drift{{{observed},"
        f"feature={quoted(feature.feature)},statistic={quoted(feature.statistic)}}}"
    )
    return Alert(
        "ModelFeatureDrift",
        f"max({series}) > {number(feature.threshold)}",
        "30m",
        TICKET,
        f"The feature {literal(feature.feature)} has drifted: {feature.statistic} is above"
        f" {number(feature.threshold)}.",
    )


def _decay(observed: str, decay: Decay) -> Alert:
    series = f"turnpike_model_quality{{{observed},metric={quoted(decay.metric)}}}"
    worse, than = (">", "above") if decay.metric in LOWER_IS_BETTER else ("<", "below")
    return Alert(
        "ModelQualityDecay",
        f"avg({series}) {worse} {number(decay.threshold)}",
        "1h",
        TICKET,
        f"The metric {literal(decay.metric)} on labelled traffic is {than}"
        f" {number(decay.threshold)}.",
    )
