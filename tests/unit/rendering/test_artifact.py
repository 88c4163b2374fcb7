"""The server sees only bytes that were compared with the released digest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.artifact import (
    MODELS_PATH,
    init_containers,
    server_mounts,
    storage_uri,
    volumes,
)
from turnpike.rendering.deployment import Deployment
from turnpike.topology.environment import Runtime

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]
DOWNLOADING = ("aws-eu", "gcp-eu", "azure-eu")
EVERYWHERE = (*DOWNLOADING, "local")


def runtime_of(deployment: Deployment) -> Runtime:
    runtime = deployment.environment.runtime("mlserver")
    assert runtime is not None
    return runtime


def steps(deployment: Deployment) -> list[Any]:
    return list(init_containers(deployment, runtime_of(deployment)))


@pytest.mark.parametrize("target", EVERYWHERE)
def test_the_storage_address_ends_in_the_released_digest(
    deployed: Deployed, predictive: Predictive, target: str
) -> None:
    deployment = deployed(predictive(), target)
    wanted = deployment.release.artifact.removeprefix("sha256:")
    assert storage_uri(deployment) == f"{deployment.target.storage}/{wanted}/"


@pytest.mark.parametrize("target", EVERYWHERE)
def test_the_last_step_before_serving_compares_the_released_digest(
    deployed: Deployed, predictive: Predictive, target: str
) -> None:
    deployment = deployed(predictive(), target)
    last = steps(deployment)[-1]
    assert last["command"] == ["python", "-m", "turnpike.delivery.verify_artifact"]
    arguments = dict(zip(last["args"][::2], last["args"][1::2], strict=True))
    assert arguments["--digest"] == deployment.release.artifact
    assert arguments["--destination"] == MODELS_PATH


@pytest.mark.parametrize("target", EVERYWHERE)
def test_only_the_verifying_step_can_write_what_the_server_reads(
    deployed: Deployed, predictive: Predictive, target: str
) -> None:
    mounts: Any = server_mounts()
    served = next(mount for mount in mounts if mount["mountPath"] == MODELS_PATH)
    assert served["readOnly"] is True
    writers = [
        step["name"]
        for step in steps(deployed(predictive(), target))
        for mount in step["volumeMounts"]
        if mount["name"] == served["name"] and not mount.get("readOnly")
    ]
    assert writers == ["verify-artifact"]


@pytest.mark.parametrize("target", DOWNLOADING)
def test_the_download_stands_in_for_the_one_that_kserve_would_add_after_the_comparison(
    deployed: Deployed, predictive: Predictive, target: str
) -> None:
    deployment = deployed(predictive(), target)
    names = [step["name"] for step in steps(deployment)]
    assert names == ["storage-initializer", "verify-artifact"]
    assert steps(deployment)[0]["args"][0] == storage_uri(deployment)


def test_a_volume_claim_is_mounted_read_only_and_only_at_the_released_digest(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive(), "local")
    [step] = steps(deployment)
    mount = next(m for m in step["volumeMounts"] if m["mountPath"] != MODELS_PATH)
    assert mount["subPath"] == deployment.artifact_hex
    assert mount["readOnly"] is True
    found: Any = volumes(deployment)
    claims = [volume["persistentVolumeClaim"] for volume in found if "emptyDir" not in volume]
    assert [claim["claimName"] for claim in claims] == ["turnpike-artifacts"]


@pytest.mark.parametrize("target", EVERYWHERE)
def test_no_step_may_gain_privileges(
    deployed: Deployed, predictive: Predictive, target: str
) -> None:
    for step in steps(deployed(predictive(), target)):
        assert step["securityContext"]["allowPrivilegeEscalation"] is False
        assert step["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert step["securityContext"]["readOnlyRootFilesystem"] is True
        assert step["securityContext"]["runAsNonRoot"] is True
