"""A deployment derives to exactly two files."""

from __future__ import annotations

from collections.abc import Callable

from turnpike.manifest.model import PredictiveModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.derive import derived_files
from turnpike.rendering.release import release_bytes
from turnpike.rendering.render import render


def test_the_derived_files_are_the_release_and_its_manifests(
    deployed: Callable[..., Deployment], predictive: Callable[..., PredictiveModel]
) -> None:
    deployment = deployed(predictive())
    assert dict(derived_files(deployment)) == {
        f"{deployment.folder}/release.yaml": release_bytes(deployment.release),
        f"{deployment.folder}/manifests.yaml": render(deployment),
    }
