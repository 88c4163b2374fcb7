"""How Prometheus finds a model's metrics: a Service of the metrics port, and its ServiceMonitor.

KServe's own Service has no metrics port, so the deployment brings one. As the alerts that are made
of it, both are there before what they watch, and go after it.
"""

from __future__ import annotations

from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import (
    BEFORE_AND_AFTER,
    LABEL_PREFIX,
    KubernetesObject,
    head,
    selector_of,
)
from turnpike.rendering.model_series import metrics_service_of
from turnpike.rendering.network_policy import METRICS_PORT

_INTERVAL = "30s"


def metrics_service_name(deployment: Deployment) -> str:
    """Return the name of the Service, which Prometheus also gives to its series as a label."""
    return metrics_service_of(deployment.model.name)


def metrics_service(deployment: Deployment) -> KubernetesObject:
    """Return a headless Service in front of every pod's metrics port."""
    name = metrics_service_name(deployment)
    return {
        **head(deployment, "v1", "Service", name=name, annotations=BEFORE_AND_AFTER),
        "spec": {
            "clusterIP": "None",
            "selector": {**selector_of(deployment)},
            "ports": [{"name": "metrics", "port": METRICS_PORT, "targetPort": METRICS_PORT}],
        },
    }


def service_monitor(deployment: Deployment) -> KubernetesObject:
    """Return the instruction to scrape that Service; source: monitoring.coreos.com/v1."""
    kind = "monitoring.coreos.com/v1", "ServiceMonitor"
    return {
        **head(deployment, *kind, annotations=BEFORE_AND_AFTER),
        "spec": {
            "selector": {"matchLabels": {**selector_of(deployment)}},
            "endpoints": [{"port": "metrics", "path": "/metrics", "interval": _INTERVAL}],
            "targetLabels": [
                LABEL_PREFIX + name
                for name in ("artifact", "environment", "model", "target", "team")
            ],
        },
    }
