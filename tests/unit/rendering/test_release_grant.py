"""The right to serve is for one account and one digest, and stands before the service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.inference_service import inference_service
from turnpike.rendering.release_grant import GROUP, IMAGES, RESOURCE, RUN, VERB, release_grant
from turnpike.topology.environment import Runtime

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]
POLICY = Path(__file__).parents[3] / "platform/argocd/admission/released-artifacts.yaml"


def grant(deployment: Deployment) -> tuple[Any, Any]:
    return release_grant(deployment, runtime_of(deployment))


def runtime_of(deployment: Deployment) -> Runtime:
    runtime = deployment.environment.runtime("mlserver")
    assert runtime is not None
    return runtime


def test_exactly_the_released_digest_is_granted(deployed: Deployed, predictive: Predictive) -> None:
    deployment = deployed(predictive())
    role, binding = grant(deployment)
    (rule,) = (one for one in role["rules"] if one["resources"] == [RESOURCE])
    assert rule == {
        "apiGroups": [GROUP],
        "resources": [RESOURCE],
        "resourceNames": [deployment.artifact_hex],
        "verbs": [VERB],
    }
    assert binding["roleRef"]["name"] == role["metadata"]["name"]


@pytest.mark.parametrize("where", [("local", "dev"), ("aws-eu", "production")])
def test_exactly_the_images_of_the_service_are_granted(
    deployed: Deployed, predictive: Predictive, where: tuple[str, str]
) -> None:
    deployment = deployed(predictive(), *where)
    service: Any = inference_service(deployment, runtime_of(deployment))
    predictor = service["spec"]["predictor"]
    used = {predictor["model"]["image"], *(one["image"] for one in predictor["initContainers"])}
    (rule,) = (one for one in grant(deployment)[0]["rules"] if one["resources"] == [IMAGES])
    assert used <= set(rule["resourceNames"])
    assert len(rule["resourceNames"]) == 3  # the download's also where a target needs none
    assert (rule["apiGroups"], rule["verbs"]) == ([GROUP], [RUN])


def test_the_right_is_that_of_the_account_that_serves(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive())
    service: Any = inference_service(deployment, runtime_of(deployment))
    (subject,) = grant(deployment)[1]["subjects"]
    assert subject["name"] == service["spec"]["predictor"]["serviceAccountName"]
    assert subject["namespace"] == service["metadata"]["namespace"]


def test_it_is_written_before_the_service(deployed: Deployed, predictive: Predictive) -> None:
    for one in grant(deployed(predictive())):
        assert one["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "-1"


def test_the_policy_asks_for_the_same_right() -> None:
    policy, binding = yaml.safe_load_all(POLICY.read_text("utf-8"))
    asked = "".join(one["expression"] for one in policy["spec"]["validations"]).replace(" ", "")
    for resource, verb in ((RESOURCE, VERB), (IMAGES, RUN)):
        assert f".group('{GROUP}').resource('{resource}')" in asked
        assert f".check('{verb}').allowed()" in asked
    assert policy["spec"]["failurePolicy"] == "Fail"
    assert binding["spec"] == {
        "policyName": policy["metadata"]["name"],
        "validationActions": ["Deny"],
    }
