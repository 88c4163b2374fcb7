"""Size comes from the settings first, then from the environment, then from the manifest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from turnpike.manifest.model import PredictiveModel
from turnpike.manifest.serving import Resources
from turnpike.manifest.settings import SETTINGS, Replicas
from turnpike.rendering.deployment import Deployment

Deployed = Callable[..., Deployment]
LARGE = Resources(cpu_millicores=4000, memory_mebibytes=8192)


@pytest.fixture
def deployment(deployed: Deployed, predictive: Callable[..., PredictiveModel]) -> Deployment:
    return deployed(predictive())


def with_default(deployment: Deployment, resources: Resources) -> Deployment:
    defaults = deployment.environment.defaults.model_copy(update={"resources": resources})
    environment = deployment.environment.model_copy(update={"defaults": defaults})
    return replace(deployment, environment=environment)


def test_a_manifest_size_is_used_where_nothing_else_is_said(deployment: Deployment) -> None:
    assert deployment.resources == deployment.model.serving.resources


def test_an_environment_size_goes_before_the_manifest(deployment: Deployment) -> None:
    assert with_default(deployment, LARGE).resources == LARGE


def test_settings_go_before_everything(deployment: Deployment) -> None:
    settings = SETTINGS.validate_python(
        {
            "apiVersion": "turnpike.dev/v1",
            "kind": "Settings",
            "replicas": {"minimum": 3, "maximum": 9},
            "resources": {"cpuMillicores": 100, "memoryMebibytes": 128},
        }
    )
    changed = replace(with_default(deployment, LARGE), settings=settings)
    assert changed.replicas == Replicas(minimum=3, maximum=9)
    assert changed.resources == Resources(cpu_millicores=100, memory_mebibytes=128)


def test_the_folder_names_environment_target_team_and_model(deployment: Deployment) -> None:
    assert deployment.folder == "environments/production/aws-eu/oncology/tumour-malignancy"


def test_each_team_has_a_namespace_in_each_environment(deployment: Deployment) -> None:
    assert deployment.namespace == "production-oncology"
