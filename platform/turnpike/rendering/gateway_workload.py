"""What runs before a gateway's ingress, as Kubernetes has it, and that nothing passes it by.

Models let in their gateway's namespace alone; in there, the ingress lets in this workload alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from pydantic import JsonValue

from turnpike.rendering.dump import dump
from turnpike.rendering.gateway_sign_on import (
    CERTIFICATE_FOLDER,
    COMMENT,
    CONFIGURATION_FOLDER,
    HEALTH_PATH,
    PORT,
    PROVIDER_FILE,
    SECRETS_FOLDER,
    SETTINGS_FILE,
    provider_text,
    settings_text,
)
from turnpike.rendering.kubernetes_object import LABEL_PREFIX, KubernetesObject
from turnpike.topology.organisation import Gateway, Organisation

_NAME = "gateway-sign-on"
_LABEL = {"app.kubernetes.io/name": _NAME}
_USER = 65532


def gateway_file(gateway: Gateway) -> str:
    """Return where the form of one target's gateway stands in the repository."""
    return f"platform/access/gateway/{gateway.environment}/{gateway.target}.yaml"


def gateway_bytes(organisation: Organisation, gateway: Gateway) -> bytes:
    """Return the objects of one target's gateway; raises ValueError where nobody signs in."""
    if organisation.sign_on is None:
        raise ValueError("expected an organisation that signs people in")
    files = {
        SETTINGS_FILE: settings_text(gateway),
        PROVIDER_FILE: provider_text(organisation, organisation.sign_on, gateway),
    }
    objects = (
        _deployment(gateway, sha256("\0".join(files.values()).encode()).hexdigest()),
        _service(gateway),
        _let_in(gateway),
        _behind(gateway),
    )
    _, _, others = dump(objects, COMMENT).partition(b"\n")
    return _configuration(gateway, files) + others


def _head(api_version: str, kind: str, gateway: Gateway, name: str = _NAME) -> KubernetesObject:
    labels: JsonValue = {"app.kubernetes.io/managed-by": "turnpike", **_LABEL}
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": gateway.namespace, "labels": labels},
    }


def _configuration(gateway: Gateway, files: Mapping[str, str]) -> bytes:
    """Return the ConfigMap, with both forms as people can read them in a review."""
    lines = ["data:"]
    for name, text in files.items():
        lines += [f"  {name}: |", *(f"    {line}" for line in text.splitlines())]
    told = "".join(f"{line}\n" for line in lines)
    return dump((_head("v1", "ConfigMap", gateway),), COMMENT) + told.encode("ascii")


def _deployment(gateway: Gateway, digest: str) -> KubernetesObject:
    # The annotation makes new pods of a new configuration: the proxy reads it when it starts.
    template: JsonValue = {
        "metadata": {
            "labels": {**_LABEL},
            "annotations": {f"{LABEL_PREFIX}configuration": digest},
        },
        "spec": {
            "automountServiceAccountToken": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": _USER,
                "runAsGroup": _USER,
                "fsGroup": _USER,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            "containers": [_container(gateway.image)],
            "volumes": [
                {"name": "configuration", "configMap": {"name": _NAME}},
                {"name": "secrets", "secret": {"secretName": _NAME}},
                {"name": "certificate", "secret": {"secretName": f"{_NAME}-certificate"}},
            ],
        },
    }
    return {
        **_head("apps/v1", "Deployment", gateway),
        "spec": {"replicas": 2, "selector": {"matchLabels": {**_LABEL}}, "template": template},
    }


def _container(image: str) -> JsonValue:
    return {
        "name": "oauth2-proxy",
        "image": image,
        "args": [
            f"--config={CONFIGURATION_FOLDER}/{SETTINGS_FILE}",
            f"--alpha-config={CONFIGURATION_FOLDER}/{PROVIDER_FILE}",
        ],
        "ports": [{"name": "https", "containerPort": PORT}],
        "readinessProbe": {"httpGet": {"scheme": "HTTPS", "path": HEALTH_PATH, "port": "https"}},
        "resources": {
            "requests": {"cpu": "100m", "memory": "64Mi"},
            "limits": {"memory": "256Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": [
            {"name": "configuration", "mountPath": CONFIGURATION_FOLDER, "readOnly": True},
            {"name": "secrets", "mountPath": SECRETS_FOLDER, "readOnly": True},
            {"name": "certificate", "mountPath": CERTIFICATE_FOLDER, "readOnly": True},
        ],
    }


def _service(gateway: Gateway) -> KubernetesObject:
    port: JsonValue = {"name": "https", "port": PORT, "targetPort": "https"}
    return {**_head("v1", "Service", gateway), "spec": {"selector": {**_LABEL}, "ports": [port]}}


def _let_in(gateway: Gateway) -> KubernetesObject:
    """Let everybody come to the proxy, and by its one port."""
    return _policy(
        gateway, _NAME, {"matchLabels": {**_LABEL}}, {"ports": [{"protocol": "TCP", "port": PORT}]}
    )


def _behind(gateway: Gateway) -> KubernetesObject:
    """Let the proxy alone come to whatever else stands in the namespace."""
    name, others = next(iter(_LABEL.items()))
    selected: JsonValue = {
        "matchExpressions": [{"key": name, "operator": "NotIn", "values": [others]}]
    }
    comes_from: JsonValue = {"from": [{"podSelector": {"matchLabels": {**_LABEL}}}]}
    return _policy(gateway, f"behind-{_NAME}", selected, comes_from)


def _policy(gateway: Gateway, name: str, selected: JsonValue, rule: JsonValue) -> KubernetesObject:
    return {
        **_head("networking.k8s.io/v1", "NetworkPolicy", gateway, name),
        "spec": {"podSelector": selected, "policyTypes": ["Ingress"], "ingress": [rule]},
    }
