"""How Prometheus finds a model's metrics: a Service of the metrics port, and its ServiceMonitor.

KServe's own Service has no metrics port, so the deployment brings one.
"""

from __future__ import annotations

from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import (
    LABEL_PREFIX,
    KubernetesObject,
    head,
    selector_of,
)
from turnpike.rendering.network_policy import METRICS_PORT

_INTERVAL = "30s"


def metrics_service_name(deployment: Deployment) -> str:
    """Return the name of the Service, which Prometheus also gives to its series as a label."""
    return f"{deployment.model.name}-metrics"


def metrics_service(deployment: Deployment) -> KubernetesObject:
    """Return a headless Service in front of every pod's metrics port."""
    return {
        **head(deployment, "v1", "Service", name=metrics_service_name(deployment)),
        "spec": {
            "clusterIP": "None",
            "selector": {**selector_of(deployment)},
            "ports": [{"name": "metrics", "port": METRICS_PORT, "targetPort": METRICS_PORT}],
        },
    }


def service_monitor(deployment: Deployment) -> KubernetesObject:
    """Return the instruction to scrape that Service; source: monitoring.coreos.com/v1."""
    return {
        **head(deployment, "monitoring.coreos.com/v1", "ServiceMonitor"),
        "spec": {
            "selector": {"matchLabels": {**selector_of(deployment)}},
            "endpoints": [{"port": "metrics", "path": "/metrics", "interval": _INTERVAL}],
            "targetLabels": [
                LABEL_PREFIX + name
                for name in ("artifact", "environment", "model", "target", "team")
            ],
        },
    }
