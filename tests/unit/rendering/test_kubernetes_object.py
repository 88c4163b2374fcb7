"""Every object says what it belongs to, in labels that Kubernetes takes."""

from __future__ import annotations

import re
from collections.abc import Callable

from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import annotations_of, head, labels_of, selector_of

_VALUE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]


def test_label_values_are_what_kubernetes_allows(
    deployed: Deployed, predictive: Predictive
) -> None:
    longest = predictive(name="m" * 40, team="t" * 40)
    for value in labels_of(deployed(longest)).values():
        assert _VALUE.fullmatch(value)


def test_the_artifact_label_is_the_start_of_the_digest_and_the_annotation_all_of_it(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive())
    label = labels_of(deployment)["turnpike.dev/artifact"]
    whole = annotations_of(deployment)["turnpike.dev/artifact"]
    assert whole == deployment.release.artifact
    assert whole.removeprefix("sha256:").startswith(label)


def test_a_selector_does_not_change_with_the_artifact(
    deployed: Deployed, predictive: Predictive
) -> None:
    deployment = deployed(predictive())
    assert selector_of(deployment).items() < labels_of(deployment).items()
    assert "turnpike.dev/artifact" not in selector_of(deployment)


def test_an_object_is_named_after_its_model_in_its_teams_namespace(
    deployed: Deployed, predictive: Predictive
) -> None:
    metadata = head(deployed(predictive()), "v1", "ServiceAccount")["metadata"]
    assert isinstance(metadata, dict)
    assert metadata["name"] == "tumour-malignancy"
    assert metadata["namespace"] == "production-oncology"
