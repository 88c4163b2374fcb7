"""The right to serve is for one account and one digest, and stands before the service."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.inference_service import inference_service
from turnpike.rendering.release_grant import GROUP, RESOURCE, VERB, release_grant

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]
POLICY = Path(__file__).parents[3] / "platform/argocd/admission/released-artifacts.yaml"


def grant(deployment: Deployment) -> tuple[Any, Any]:
    return release_grant(deployment)


def test_exactly_the_released_digest_is_granted(deployed: Deployed, predictive: Predictive) -> None:
    deployment = deployed(predictive())
    role, binding = grant(deployment)
    assert role["rules"] == [
        {
            "apiGroups": [GROUP],
            "resources": [RESOURCE],
            "resourceNames": [deployment.artifact_hex],
            "verbs": [VERB],
        }
    ]
    assert binding["roleRef"]["name"] == role["metadata"]["name"]


def test_the_right_is_that_of_the_account_that_serves(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive())
    runtime = deployment.environment.runtime("mlserver")
    assert runtime is not None
    service: Any = inference_service(deployment, runtime)
    (subject,) = grant(deployment)[1]["subjects"]
    assert subject["name"] == service["spec"]["predictor"]["serviceAccountName"]
    assert subject["namespace"] == service["metadata"]["namespace"]


def test_it_is_written_before_the_service(deployed: Deployed, predictive: Predictive) -> None:
    for one in grant(deployed(predictive())):
        assert one["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] == "-1"


def test_the_policy_asks_for_the_same_right() -> None:
    policy, binding = yaml.safe_load_all(POLICY.read_text("utf-8"))
    asked = policy["spec"]["validations"][0]["expression"].replace(" ", "")
    assert f".group('{GROUP}').resource('{RESOURCE}')" in asked
    assert f".check('{VERB}').allowed()" in asked
    assert policy["spec"]["failurePolicy"] == "Fail"
    assert binding["spec"] == {
        "policyName": policy["metadata"]["name"],
        "validationActions": ["Deny"],
    }
