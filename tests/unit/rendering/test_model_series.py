"""Alerts and observers ask for the same series of the same deployment."""

from __future__ import annotations

from turnpike.rendering.model_series import DURATIONS, REQUESTS, metrics_service_of, series_of


def test_the_series_are_those_behind_the_models_own_service() -> None:
    assert series_of("dev-oncology", "tumour") == (
        'namespace="dev-oncology",service="tumour-metrics"'
    )
    assert metrics_service_of("tumour") == "tumour-metrics"
    assert REQUESTS.endswith("_requests_total")
    assert DURATIONS.endswith("_seconds_bucket")
