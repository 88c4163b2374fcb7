"""Each cloud recognises a deployment by its own annotation; team and target decide, nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.service_account import service_account

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]
PRINCIPALS = {
    "aws-eu": (
        "eks.amazonaws.com/role-arn",
        "arn:aws:iam::444455556666:role/turnpike-production-oncology",
    ),
    "gcp-eu": (
        "iam.gke.io/gcp-service-account",
        "oncology@example-turnpike-production.iam.gserviceaccount.com",
    ),
    "azure-eu": (
        "azure.workload.identity/client-id",
        "00000000-0000-0000-0000-000000000000",
    ),
}


def annotations_of(deployment: Deployment) -> dict[str, Any]:
    account: Any = service_account(deployment)
    found: dict[str, Any] = account["metadata"]["annotations"]
    return found


@pytest.mark.parametrize("target", PRINCIPALS)
def test_each_cloud_gets_its_own_annotation(
    deployed: Deployed, predictive: Predictive, target: str
) -> None:
    annotation, principal = PRINCIPALS[target]
    assert annotations_of(deployed(predictive(), target))[annotation] == principal


def test_a_target_without_a_cloud_has_no_principal(
    deployed: Deployed, predictive: Predictive
) -> None:
    known = {name for name, _ in PRINCIPALS.values()}
    assert not known & annotations_of(deployed(predictive(), "local")).keys()


def test_a_principal_that_a_cloud_assigned_to_a_team_goes_first(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive(), "azure-eu")
    identity = deployment.target.identity
    assert identity is not None
    assigned = identity.model_copy(update={"principals": {"oncology": "client-of-oncology"}})
    target = deployment.target.model_copy(update={"identity": assigned})
    found = annotations_of(replace(deployment, target=target))
    assert found["azure.workload.identity/client-id"] == "client-of-oncology"


def test_no_token_of_the_cluster_is_mounted(deployed: Deployed, predictive: Predictive) -> None:
    assert service_account(deployed(predictive()))["automountServiceAccountToken"] is False
