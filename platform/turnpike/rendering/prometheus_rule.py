"""The PrometheusRule of a deployment: its alerts, who is told, and which runbook helps.

They are there before the service and go after it, so that no request is served unwatched.
Source: monitoring.coreos.com/v1 of the Prometheus operator.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from turnpike.rendering.alerts import Alert, alerts_of
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import BEFORE_AND_AFTER, KubernetesObject, head
from turnpike.rendering.prometheus_text import literal


def prometheus_rule(deployment: Deployment) -> KubernetesObject:
    """Return the rules, one group for the deployment."""
    kind = "monitoring.coreos.com/v1", "PrometheusRule"
    document = head(deployment, *kind, annotations=BEFORE_AND_AFTER)
    labels = _labels(deployment)
    rules: list[JsonValue] = [_rule(deployment, alert, labels) for alert in alerts_of(deployment)]
    group = f"{deployment.environment.name}/{deployment.target.name}/{deployment.model.key}"
    return {**document, "spec": {"groups": [{"name": group, "rules": rules}]}}


def _rule(deployment: Deployment, alert: Alert, labels: Mapping[str, str]) -> JsonValue:
    return {
        "alert": alert.name,
        "expr": alert.expression,
        "for": alert.duration,
        "labels": {"severity": alert.severity, **labels},
        "annotations": {
            "summary": f"{deployment.model.key} in {deployment.environment.name}/"
            f"{deployment.target.name}: {alert.summary}",
            "runbook": f"runbooks/{alert.name}.md",
        },
    }


def _labels(deployment: Deployment) -> dict[str, str]:
    """Return what every alert of the deployment says of it beside its severity."""
    labels = {
        "team": deployment.model.team,
        "model": deployment.model.name,
        "environment": deployment.environment.name,
        "target": deployment.target.name,
    }
    on_call = deployment.model.on_call
    if on_call is not None:
        labels["rotation"] = literal(on_call.rotation)
        labels["channel"] = literal(on_call.channel)
    return labels
