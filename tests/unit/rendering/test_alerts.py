"""What a manifest promises or watches becomes an alert, in the direction in which it goes wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.alerts import Alert, alerts_of
from turnpike.rendering.deployment import Deployment

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]


def decay_of(metric: str) -> dict[str, object]:
    return {"decay": {"metric": metric, "threshold": 0.5, "labelDelayDays": 1}}


def named(alerts: tuple[Alert, ...], name: str) -> list[Alert]:
    return [alert for alert in alerts if alert.name == name]


def test_a_manifest_that_promises_nothing_is_still_watched_for_being_there(
    deployed: Deployed, predictive: Predictive
) -> None:
    alerts = alerts_of(deployed(predictive(slo=None, monitoring={})))
    assert [a.name for a in alerts] == ["ModelArtifactVerificationFailed", "ModelUnavailable"]


def test_an_availability_promise_burns_fast_to_a_page_and_slowly_to_a_ticket(
    deployed: Deployed, predictive: Predictive
) -> None:
    fast, slow = named(alerts_of(deployed(predictive())), "ModelErrorBudgetBurn")
    assert fast.severity == "page"
    assert "14.4 * (1 - 99.5 / 100)" in fast.expression
    assert slow.severity == "ticket"
    assert "6 * (1 - 99.5 / 100)" in slow.expression


def test_a_latency_promise_is_compared_in_seconds(
    deployed: Deployed, predictive: Predictive
) -> None:
    [alert] = named(alerts_of(deployed(predictive())), "ModelLatencyHigh")
    assert alert.expression.startswith("histogram_quantile(0.95, ")
    assert alert.expression.endswith(">= 0.2")


def test_a_latency_promise_beyond_the_servers_histogram_still_fires(
    deployed: Deployed, predictive: Predictive
) -> None:
    slow = {"availabilityPercent": 99.5, "latencyP95Milliseconds": 60_000.0}
    [alert] = named(alerts_of(deployed(predictive(slo=slow))), "ModelLatencyHigh")
    assert alert.expression.endswith(">= 10")


@pytest.mark.parametrize(("metric", "worse"), [("roc_auc", "< 0.5"), ("rmse", "> 0.5")])
def test_decay_is_a_fall_or_a_rise_by_the_metric(
    deployed: Deployed, predictive: Predictive, metric: str, worse: str
) -> None:
    [alert] = named(
        alerts_of(deployed(predictive(monitoring=decay_of(metric)))), "ModelQualityDecay"
    )
    assert alert.expression.endswith(worse)


def test_every_watched_feature_has_its_own_threshold(
    deployed: Deployed, predictive: Predictive
) -> None:
    drift = [
        {"feature": feature, "statistic": "psi", "threshold": threshold}
        for feature, threshold in (("age", 0.1), ("dose", 0.25))
    ]
    alerts = named(
        alerts_of(deployed(predictive(monitoring={"drift": drift}))), "ModelFeatureDrift"
    )
    assert [alert.expression.split()[-1] for alert in alerts] == ["0.1", "0.25"]


def test_a_feature_name_cannot_change_the_query(deployed: Deployed, predictive: Predictive) -> None:
    feature = 'a"} or vector(1) or x{y="\\'
    drift = [{"feature": feature, "statistic": "psi", "threshold": 0.1}]
    [alert] = named(
        alerts_of(deployed(predictive(monitoring={"drift": drift}))), "ModelFeatureDrift"
    )
    assert 'feature="a\\"} or vector(1) or x{y=\\"\\\\"' in alert.expression


def test_series_of_other_deployments_are_left_out(
    deployed: Deployed, predictive: Predictive
) -> None:
    for alert in alerts_of(deployed(predictive())):
        own = 'namespace="production-oncology"' in alert.expression
        observed = 'environment="production",target="aws-eu",team="oncology"' in alert.expression
        assert own or observed
