"""Environments form a road without a circle, and what differs between clouds is data."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path

import pytest
import yaml
from pydantic import JsonValue, ValidationError

from turnpike.documents.reading import read
from turnpike.topology.environment import ENVIRONMENT, Environment, Image

ROOT = Path(__file__).resolve().parents[3]
CLOUDS = {"local": "local", "aws-eu": "aws", "gcp-eu": "gcp", "azure-eu": "azure"}
STAGES = ("dev", "staging", "production")


def environment(name: str) -> Environment:
    file = ROOT / "environments" / name / "environment.yaml"
    return read(ENVIRONMENT, file.read_bytes(), str(file))


def test_the_road_leads_from_dev_over_staging_to_production() -> None:
    assert [environment(name).promotes_from for name in STAGES] == [(), ("dev",), ("staging",)]
    assert [environment(name).promotion for name in STAGES] == [
        "automatic",
        "automatic",
        "pull-request",
    ]


def test_only_production_asks_for_approvals_and_for_a_promise() -> None:
    assert [len(environment(name).approvals) for name in STAGES] == [0, 0, 1]
    assert [environment(name).requires_slo for name in STAGES] == [False, False, True]
    [approval] = environment("production").approvals
    assert (approval.group, approval.count) == ("release-managers", 1)


@pytest.mark.parametrize("name", STAGES)
def test_every_stage_runs_on_every_cloud(name: str) -> None:
    assert {target.name: target.cloud for target in environment(name).targets} == CLOUDS


@pytest.mark.parametrize("name", STAGES)
def test_a_cluster_has_the_name_by_which_argo_cd_finds_it(name: str) -> None:
    for target in environment(name).targets:
        assert target.cluster == f"{name}-{target.name}"


@pytest.mark.parametrize("name", STAGES)
def test_what_pods_may_reach_are_networks(name: str) -> None:
    for target in environment(name).targets:
        for place in target.network.egress:
            assert ipaddress.ip_network(place.cidr).prefixlen > 8


@pytest.mark.parametrize("name", STAGES)
def test_no_two_stages_share_a_store_or_a_principal(name: str) -> None:
    others = [environment(other) for other in STAGES if other != name]
    taken = {target.storage for other in others for target in other.targets}
    own = {t.storage for t in environment(name).targets if t.cloud != "local"}
    assert not own & taken


def test_argo_cd_may_make_exactly_the_kinds_that_are_rendered() -> None:
    rendered = {
        ("", "ConfigMap"),
        ("", "Service"),
        ("", "ServiceAccount"),
        ("monitoring.coreos.com", "PrometheusRule"),
        ("monitoring.coreos.com", "ServiceMonitor"),
        ("networking.k8s.io", "NetworkPolicy"),
        ("rbac.authorization.k8s.io", "Role"),
        ("rbac.authorization.k8s.io", "RoleBinding"),
        ("serving.kserve.io", "InferenceService"),
    }
    for name in STAGES:
        file = ROOT / "platform" / "argocd" / "projects" / f"{name}.yaml"
        spec = yaml.safe_load(file.read_bytes())["spec"]
        allowed = {(item["group"], item["kind"]) for item in spec["namespaceResourceWhitelist"]}
        assert allowed == rendered
        assert spec["destinations"] == [{"name": f"{name}-*", "namespace": f"{name}-*"}]


def changed(**changes: JsonValue) -> str:
    text = (ROOT / "environments" / "dev" / "environment.yaml").read_bytes()
    return json.dumps(yaml.safe_load(text) | changes)


def test_the_unchanged_environment_is_one() -> None:
    assert ENVIRONMENT.validate_json(changed()).name == "dev"


@pytest.mark.parametrize(
    "changes",
    [{"targets": []}, {"soakSeconds": -1}, {"promotion": "by-hand"}, {"classifications": []}],
    ids=str,
)
def test_an_environment_that_says_too_little_is_refused(changes: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError):
        ENVIRONMENT.validate_json(changed(**changes))


@pytest.mark.parametrize("field", ["targets", "runtimes"])
def test_what_is_asked_for_by_name_stands_once(field: str) -> None:
    value = json.loads(changed())
    value[field].append(value[field][0])
    with pytest.raises(ValidationError, match=r"each name once: \S+ stands 2 times"):
        ENVIRONMENT.validate_json(json.dumps(value))


@pytest.mark.parametrize(
    "changes",
    [
        {"promotesFrom": ["staging", "staging"]},
        {"approvals": [{"group": "risk-quorum", "count": count} for count in (1, 2)]},
    ],
    ids=str,
)
def test_a_stage_and_a_group_stand_once(changes: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError, match="each name once"):
        ENVIRONMENT.validate_json(changed(**changes))


def test_a_target_has_one_pool_of_a_kind() -> None:
    value = json.loads(changed())
    pool = {"kind": "l4", "resource": "nvidia.com/gpu", "nodeSelector": {"gpu": "l4"}}
    value["targets"][0]["accelerators"] = [pool, pool]
    with pytest.raises(ValidationError, match="each name once: l4 stands 2 times"):
        ENVIRONMENT.validate_json(json.dumps(value))


@pytest.mark.parametrize("storage", ["models", "s3://", "s3://bucket/", "s3://b ucket", "s3://b?x"])
def test_a_store_is_an_address_to_which_a_digest_can_be_added(storage: str) -> None:
    value = json.loads(changed())
    value["targets"][0]["storage"] = storage
    with pytest.raises(ValidationError):
        ENVIRONMENT.validate_json(json.dumps(value))


@pytest.mark.parametrize(
    "change", [{"repository": "a b"}, {"repository": "/a/"}, {"tag": "a b"}, {"digest": "latest"}]
)
def test_an_image_reference_cannot_hold_anything_else(change: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Image.model_validate({"repository": "turnpike/delivery", "tag": "v1"} | change)


def test_a_target_or_runtime_that_is_not_there_is_none() -> None:
    dev = environment("dev")
    assert dev.target("moon") is None
    assert dev.runtime("moon") is None
    [local] = [target for target in dev.targets if target.cloud == "local"]
    assert dev.target("local") == local
    assert local.accelerator_pool("nvidia-t4") is None
