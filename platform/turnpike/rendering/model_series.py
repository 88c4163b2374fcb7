"""The series that a model's pods serve to Prometheus, as alerts and observers ask for them.

They are MLServer's; ``status_code`` and ``path`` are labels of both. ``pod`` is what Prometheus'
operator adds to what it finds by the deployment's ServiceMonitor.
"""

from __future__ import annotations

from turnpike.rendering.prometheus_text import quoted

REQUESTS = "rest_server_requests_total"
DURATIONS = "rest_server_request_duration_seconds_bucket"
FAILED = 'status_code=~"5.."'
INFERENCE = 'path=~".*/infer(_stream)?"'
"""What consumers ask for; a kubelet's questions whether a model is ready are counted as well."""


def metrics_service_of(model: str) -> str:
    """Return the name of a model's metrics Service, which its series have as a label."""
    return f"{model}-metrics"


def series_of(namespace: str, model: str) -> str:
    """Return the label matchers of a model's own series in a namespace."""
    return f"namespace={quoted(namespace)},service={quoted(metrics_service_of(model))}"
