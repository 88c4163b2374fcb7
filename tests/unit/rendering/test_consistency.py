"""Parts that do not fit together are named, each with its field, and nothing is rendered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.errors import InvalidDocument
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.settings import SETTINGS
from turnpike.rendering.consistency import deployment_problems
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.render import render

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]
OTHER = digest_of(b"other bytes")


def fields(deployment: Deployment) -> list[str]:
    """Return the fields with a problem, after seeing that rendering is refused for them."""
    problems = deployment_problems(deployment)
    with pytest.raises(InvalidDocument) as refused:
        render(deployment)
    assert refused.value.problems == problems
    return [problem.field for problem in problems]


def test_a_fitting_deployment_has_no_problem(deployed: Deployed, predictive: Predictive) -> None:
    assert deployment_problems(deployed(predictive())) == ()


def test_a_draft_is_not_rendered(deployed: Deployed, predictive: Predictive) -> None:
    assert fields(deployed(predictive(artifact=None))) == ["artifact"]


def test_a_release_of_other_bytes_than_the_manifest_names_is_refused(
    deployed: Deployed, predictive: Predictive
) -> None:
    assert fields(deployed(predictive(), artifact=OTHER)) == ["artifact"]


def test_a_route_that_is_not_the_released_one_is_refused(
    deployed: Deployed, generative: GenerativeModel
) -> None:
    route = generative.route.model_copy(update={"system_prompt": "Anything else."})
    assert fields(deployed(generative.model_copy(update={"route": route}))) == ["artifact"]


def test_a_release_of_another_model_is_refused(deployed: Deployed, predictive: Predictive) -> None:
    assert fields(deployed(predictive(), team="radiology")) == ["model"]


def test_a_host_name_that_is_too_long_for_dns_is_refused(
    deployed: Deployed, predictive: Predictive
) -> None:
    assert fields(deployed(predictive(name="a" * 40))) == ["model"]


def test_a_share_of_traffic_that_would_be_ignored_is_refused(
    deployed: Deployed, predictive: Predictive
) -> None:
    assert fields(deployed(predictive(), traffic=10)) == ["traffic"]


def test_a_target_of_another_environment_is_refused(
    deployed: Deployed, predictive: Predictive
) -> None:
    here, there = deployed(predictive()), deployed(predictive(), environment="staging")
    assert fields(replace(here, target=there.target)) == ["target"]


def test_a_runtime_that_the_environment_lacks_is_refused(
    deployed: Deployed, predictive: Predictive
) -> None:
    here = deployed(predictive())
    bare = here.environment.model_copy(update={"runtimes": ()})
    assert fields(replace(here, environment=bare)) == ["serving.runtime"]


def test_an_accelerator_that_the_target_lacks_is_refused(
    deployed: Deployed, predictive: Predictive
) -> None:
    wanted = predictive(
        serving={
            "runtime": "mlserver",
            "resources": {"cpuMillicores": 500, "memoryMebibytes": 1024},
            "accelerators": [{"kind": "nvidia-t4", "count": 1}],
        }
    )
    assert deployment_problems(deployed(wanted, "aws-eu")) == ()
    assert fields(deployed(wanted, "local")) == ["serving.accelerators"]


def test_a_minimum_above_the_maximum_is_refused(deployed: Deployed, predictive: Predictive) -> None:
    settings = SETTINGS.validate_python(
        {
            "apiVersion": "turnpike.dev/v1",
            "kind": "Settings",
            "replicas": {"minimum": 5, "maximum": 2},
        }
    )
    assert fields(replace(deployed(predictive()), settings=settings)) == ["replicas.minimum"]


def test_all_problems_are_named_at_once(deployed: Deployed, predictive: Predictive) -> None:
    found = fields(deployed(predictive(), artifact=OTHER, traffic=10, team="radiology"))
    assert found == ["model", "artifact", "traffic"]


def test_a_share_beside_another_artifact_needs_a_target_that_splits(
    beside: Callable[..., Deployment], predictive: Predictive
) -> None:
    assert deployment_problems(beside(predictive(), 10)) == ()
    assert deployment_problems(beside(predictive(), 0)) == ()
    assert fields(beside(predictive(), 10, "Standard")) == ["rest"]


def test_all_of_the_traffic_leaves_no_rest(
    beside: Callable[..., Deployment], predictive: Predictive
) -> None:
    assert fields(beside(predictive(), 100)) == ["rest"]


def test_a_route_has_no_share(
    beside: Callable[..., Deployment], generative: GenerativeModel
) -> None:
    assert "rest" in fields(beside(generative, 10))
