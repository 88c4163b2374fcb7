"""The InferenceService serves the release's artifact, with the size and on the nodes asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.artifact import storage_uri
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.inference_service import inference_service

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]
ON_TWO_T4 = {
    "runtime": "mlserver",
    "resources": {"cpuMillicores": 500, "memoryMebibytes": 1024},
    "accelerators": [{"kind": "nvidia-t4", "count": 2}],
}


def service(deployment: Deployment) -> dict[str, Any]:
    runtime = deployment.environment.runtime("mlserver")
    assert runtime is not None
    return inference_service(deployment, runtime)


def test_the_storage_uri_is_content_addressed(deployed: Deployed, predictive: Predictive) -> None:
    deployment = deployed(predictive())
    model = service(deployment)["spec"]["predictor"]["model"]
    assert model["storageUri"] == storage_uri(deployment)
    assert model["protocolVersion"] == "v2"


def test_the_image_comes_from_the_target_and_never_from_the_manifest(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive())
    image = service(deployment)["spec"]["predictor"]["model"]["image"]
    assert image.startswith(deployment.target.images + "/")


def test_an_image_digest_is_part_of_the_image_once_it_is_known(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive())
    runtime = deployment.environment.runtimes[0]
    digest = "sha256:" + "5" * 64
    pinned = runtime.model_copy(
        update={"server": runtime.server.model_copy(update={"digest": digest})}
    )
    environment = deployment.environment.model_copy(update={"runtimes": (pinned,)})
    image = service(replace(deployment, environment=environment))["spec"]["predictor"]["model"][
        "image"
    ]
    assert image.endswith("@" + digest)


def test_requests_equal_limits(deployed: Deployed, predictive: Predictive) -> None:
    resources = service(deployed(predictive()))["spec"]["predictor"]["model"]["resources"]
    assert resources["requests"] == resources["limits"] == {"cpu": "500m", "memory": "1024Mi"}


@pytest.mark.parametrize("target", ["aws-eu", "gcp-eu", "azure-eu"])
def test_an_accelerator_asks_for_the_device_its_nodes_and_their_taint(
    deployed: Deployed, predictive: Predictive, target: str
) -> None:
    deployment = deployed(predictive(serving=ON_TWO_T4), target)
    pool = deployment.target.accelerator_pool("nvidia-t4")
    assert pool is not None
    predictor = service(deployment)["spec"]["predictor"]
    assert predictor["model"]["resources"]["limits"][pool.resource] == "2"
    assert pool.node_selector.items() <= predictor["nodeSelector"].items()
    assert [taint["key"] for taint in predictor["tolerations"]] == [pool.taint]


def test_a_deployment_without_traffic_is_stopped(
    deployed: Deployed, predictive: Predictive
) -> None:
    stop = "serving.kserve.io/stop"
    assert stop not in service(deployed(predictive()))["metadata"]["annotations"]
    stopped = service(deployed(predictive(), traffic=0))
    assert stopped["metadata"]["annotations"][stop] == "true"


def test_pods_carry_what_the_clouds_identity_webhook_looks_for(
    deployed: Deployed, predictive: Predictive
) -> None:
    labels = service(deployed(predictive(), "azure-eu"))["spec"]["predictor"]["labels"]
    assert labels["azure.workload.identity/use"] == "true"


@pytest.mark.parametrize("share", [0, 10, 50])
def test_a_share_is_a_canary_beside_what_had_it_all(
    beside: Callable[..., Deployment], predictive: Predictive, share: int
) -> None:
    found = service(beside(predictive(), share))
    assert found["spec"]["predictor"]["canaryTrafficPercent"] == share
    annotations = found["metadata"]["annotations"]
    assert annotations["serving.kserve.io/deploymentMode"] == "Knative"
    assert annotations["serving.kserve.io/enable-tag-routing"] == "true"
    assert "serving.kserve.io/stop" not in annotations


def test_a_step_changes_nothing_but_the_share(
    beside: Callable[..., Deployment], predictive: Predictive
) -> None:
    small, large = (service(beside(predictive(), share)) for share in (10, 50))
    assert small["spec"]["predictor"].pop("canaryTrafficPercent") == 10
    assert large["spec"]["predictor"].pop("canaryTrafficPercent") == 50
    assert small == large


def test_alone_there_is_no_canary(deployed: Deployed, predictive: Predictive) -> None:
    assert "canaryTrafficPercent" not in service(deployed(predictive()))["spec"]["predictor"]
