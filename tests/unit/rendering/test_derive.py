"""A deployment derives to exactly two files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

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


def test_the_same_parts_are_rendered_once_and_others_anew(
    deployed: Callable[..., Deployment], predictive: Callable[..., PredictiveModel]
) -> None:
    deployment = deployed(predictive())
    first = derived_files(deployment)
    release = deployment.release.model_copy()
    assert derived_files(replace(deployment, release=release)) is first
    other = replace(deployment, release=release.model_copy(update={"traffic": 0}))
    assert dict(derived_files(other)) != dict(first)
    elsewhere = deployment.target.model_copy(update={"name": "elsewhere"})
    environment = deployment.environment.model_copy(update={"targets": (elsewhere,)})
    moved = replace(deployment, environment=environment, target=elsewhere)
    assert derived_files(moved).keys() != first.keys()
    assert derived_files(moved)[f"{moved.folder}/manifests.yaml"] == render(moved)
