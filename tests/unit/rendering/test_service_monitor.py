"""Prometheus finds the metrics port through a Service that the ServiceMonitor selects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import labels_of
from turnpike.rendering.service_monitor import metrics_service, service_monitor

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]


def test_the_monitor_selects_the_service_and_names_its_port(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive())
    service: Any = metrics_service(deployment)
    monitor: Any = service_monitor(deployment)
    selected = monitor["spec"]["selector"]["matchLabels"]
    assert selected.items() <= service["metadata"]["labels"].items()
    [port], [endpoint] = service["spec"]["ports"], monitor["spec"]["endpoints"]
    assert endpoint["port"] == port["name"]


def test_the_service_selects_the_deployments_pods(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive())
    service: Any = metrics_service(deployment)
    assert service["spec"]["selector"].items() <= labels_of(deployment).items()
    assert service["spec"]["clusterIP"] == "None"


def test_series_carry_the_artifact_that_they_were_measured_on(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive())
    monitor: Any = service_monitor(deployment)
    service: Any = metrics_service(deployment)
    assert "turnpike.dev/artifact" in monitor["spec"]["targetLabels"]
    assert set(monitor["spec"]["targetLabels"]) <= service["metadata"]["labels"].keys()
