"""What runs before a gateway's ingress is what Kubernetes takes, and is not passed by."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from kubernetes_validate import validate

from turnpike.rendering.gateway_sign_on import (
    PROVIDER_FILE,
    SETTINGS_FILE,
    provider_text,
    settings_text,
)
from turnpike.rendering.gateway_workload import gateway_bytes, gateway_file
from turnpike.topology.organisation import Access, Organisation
from unit.rendering.test_gateway_sign_on import AURORA, CALLERS, parts, signed_on


def objects(organisation: Organisation) -> dict[str, Any]:
    documents = yaml.safe_load_all(gateway_bytes(organisation, parts(organisation)[1]))
    return {f"{one['kind']}/{one['metadata']['name']}": one for one in documents}


def pods(organisation: Organisation) -> Any:
    return objects(organisation)["Deployment/gateway-sign-on"]["spec"]["template"]


def picks(selector: Any, labels: dict[str, str]) -> bool:
    """Tell whether a selector picks a pod out, as Kubernetes does."""
    same = selector.get("matchLabels", {}).items() <= labels.items()
    others = selector.get("matchExpressions", [])
    assert all(one["operator"] == "NotIn" for one in others)
    return same and all(labels.get(one["key"]) not in one["values"] for one in others)


def test_a_cluster_takes_every_object() -> None:
    for one in objects(signed_on(*CALLERS)).values():
        validate(one, "1.37", strict=True)


def test_all_of_it_stands_in_the_gateways_namespace() -> None:
    found = objects(signed_on(*CALLERS)).values()
    assert {one["metadata"]["namespace"] for one in found} == {"gateway"}
    assert gateway_file(parts(signed_on())[1]) == "platform/access/gateway/production/aws-eu.yaml"


def test_the_proxy_reads_both_forms_and_is_pinned() -> None:
    company = signed_on(*CALLERS)
    (container,) = pods(company)["spec"]["containers"]
    held = objects(company)["ConfigMap/gateway-sign-on"]["data"]
    folder = next(m["mountPath"] for m in container["volumeMounts"] if m["name"] == "configuration")
    named = {word.partition("=")[2] for word in container["args"]}
    assert named == {f"{folder}/{file}" for file in held}
    assert set(held) == {SETTINGS_FILE, PROVIDER_FILE}
    assert "@sha256:" in container["image"]


def test_both_forms_are_read_as_they_were_rendered() -> None:
    company = signed_on(*CALLERS)
    assert objects(company)["ConfigMap/gateway-sign-on"]["data"] == {
        SETTINGS_FILE: settings_text(parts(company)[1]),
        PROVIDER_FILE: provider_text(company, *parts(company)),
    }


def test_another_configuration_makes_other_pods() -> None:
    fewer = signed_on(*CALLERS, Access(group="on-call", role="caller"))
    assert pods(signed_on(*CALLERS)) == pods(signed_on(*CALLERS))
    assert pods(signed_on(*CALLERS)) != pods(fewer)


def test_the_pods_have_no_rights_that_they_do_not_need() -> None:
    spec = pods(signed_on(*CALLERS))["spec"]
    (container,) = spec["containers"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }


@pytest.mark.parametrize(
    "labels", [{}, {"app": "ingress"}, {"app.kubernetes.io/name": "ingress-nginx"}]
)
def test_whatever_else_stands_in_the_namespace_lets_in_the_proxy_alone(
    labels: dict[str, str],
) -> None:
    found = objects(signed_on(*CALLERS))
    behind = found["NetworkPolicy/behind-gateway-sign-on"]["spec"]
    proxy = pods(signed_on(*CALLERS))["metadata"]["labels"]
    assert picks(behind["podSelector"], labels)
    assert not picks(behind["podSelector"], proxy)
    assert behind["policyTypes"] == ["Ingress"]
    ((one,),) = [rule["from"] for rule in behind["ingress"]]
    assert set(one) == {"podSelector"}  # no other namespace
    assert picks(one["podSelector"], proxy)
    assert not picks(one["podSelector"], labels)


def test_the_proxy_is_reached_by_its_one_port() -> None:
    found = objects(signed_on(*CALLERS))
    policy = found["NetworkPolicy/gateway-sign-on"]["spec"]
    assert picks(policy["podSelector"], pods(signed_on())["metadata"]["labels"])
    assert policy["ingress"] == [{"ports": [{"protocol": "TCP", "port": 8443}]}]
    (port,) = found["Service/gateway-sign-on"]["spec"]["ports"]
    assert port["port"] == 8443


def test_without_sign_on_there_is_no_gateway() -> None:
    with pytest.raises(ValueError, match="signs people in"):
        gateway_bytes(AURORA, parts(signed_on())[1])
