"""Who may reach a model's pods and what they may reach: nothing but what is listed here."""

from __future__ import annotations

from pydantic import JsonValue

from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import KubernetesObject, head, selector_of

INFERENCE_PORT = 8080
METRICS_PORT = 8082
_KNATIVE_PROXY_PORT = 8012
_KNATIVE_METRICS_PORT = 9090


def network_policy(deployment: Deployment) -> KubernetesObject:
    """Return the policy: default deny both ways, then gateway, metrics, DNS and the target's own.

    A pod that any policy with both types selects may do only what policies allow.
    """
    network = deployment.target.network
    ingress: list[JsonValue] = [
        {"from": [_namespace(network.gateway_namespace)], "ports": [_port(INFERENCE_PORT)]},
        {"from": [_namespace(network.monitoring_namespace)], "ports": [_port(METRICS_PORT)]},
        *_of_knative(deployment),
    ]
    return {
        **head(deployment, "networking.k8s.io/v1", "NetworkPolicy"),
        "spec": {
            "podSelector": {"matchLabels": {**selector_of(deployment)}},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": ingress,
            "egress": _egress(deployment),
        },
    }


def _of_knative(deployment: Deployment) -> list[JsonValue]:
    """Return the way of Knative's requests: through its proxy beside the server, and its activator.

    Source: knative.dev/serving v1, pkg/networking (queue proxy: 8012 for HTTP/1, 9090 for metrics).
    """
    if deployment.target.deployment_mode != "Knative":
        return []
    network = deployment.target.network
    gateway, knative = map(_namespace, (network.gateway_namespace, network.knative_namespace))
    proxy, metrics = _port(_KNATIVE_PROXY_PORT), _port(_KNATIVE_METRICS_PORT)
    return [
        {"from": [gateway, knative], "ports": [proxy]},
        {"from": [knative], "ports": [metrics]},
    ]


def _egress(deployment: Deployment) -> JsonValue:
    network = deployment.target.network
    names: JsonValue = {
        "to": [_namespace(network.dns_namespace)],
        "ports": [_port(53, "UDP"), _port(53)],
    }
    places: list[JsonValue] = [
        {"to": [{"ipBlock": {"cidr": place.cidr}}], "ports": [_port(place.port)]}
        for place in network.egress
    ]
    return [names, *places]


def _namespace(name: str) -> JsonValue:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def _port(number: int, protocol: str = "TCP") -> JsonValue:
    return {"protocol": protocol, "port": number}
