"""A model's pods are reached by the gateway and Prometheus alone, and reach only what is listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import labels_of
from turnpike.rendering.network_policy import INFERENCE_PORT, METRICS_PORT, network_policy

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]
NAMESPACE = "kubernetes.io/metadata.name"


def spec(deployment: Deployment) -> dict[str, Any]:
    document: Any = network_policy(deployment)
    found: dict[str, Any] = document["spec"]
    return found


def namespaces(rules: list[Any], side: str) -> dict[str, list[int]]:
    return {
        peer["namespaceSelector"]["matchLabels"][NAMESPACE]: [p["port"] for p in rule["ports"]]
        for rule in rules
        for peer in rule[side]
        if "namespaceSelector" in peer
    }


def test_both_directions_are_denied_but_for_what_is_listed(
    deployed: Deployed, predictive: Predictive
) -> None:
    assert spec(deployed(predictive()))["policyTypes"] == ["Ingress", "Egress"]


def test_only_the_gateway_asks_and_only_prometheus_measures(
    deployed: Deployed, predictive: Predictive
) -> None:
    found = namespaces(spec(deployed(predictive()))["ingress"], "from")
    assert found == {"gateway": [INFERENCE_PORT], "monitoring": [METRICS_PORT]}


@pytest.mark.parametrize("target", ["local", "aws-eu", "gcp-eu", "azure-eu"])
def test_pods_reach_names_and_the_targets_own_places(
    deployed: Deployed, predictive: Predictive, target: str
) -> None:
    deployment = deployed(predictive(), target)
    rules = spec(deployment)["egress"]
    assert namespaces(rules, "to") == {"kube-system": [53, 53]}
    blocks = [
        (peer["ipBlock"]["cidr"], rule["ports"][0]["port"])
        for rule in rules
        for peer in rule["to"]
        if "ipBlock" in peer
    ]
    assert blocks == [(place.cidr, place.port) for place in deployment.target.network.egress]


def test_the_policy_selects_the_pods_of_its_deployment(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive())
    selected = spec(deployment)["podSelector"]["matchLabels"]
    assert selected
    assert selected.items() <= labels_of(deployment).items()


def test_knative_asks_through_its_proxy(
    beside: Callable[..., Deployment], predictive: Predictive
) -> None:
    found = namespaces(spec(beside(predictive(), 10))["ingress"], "from")
    assert found == {"gateway": [8012], "monitoring": [METRICS_PORT], "knative-serving": [9090]}
