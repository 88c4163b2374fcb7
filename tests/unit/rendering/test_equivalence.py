"""One manifest means the same on every target; whatever else differs is told, with its values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from turnpike.documents.reading import read
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.equivalence import NOTHING, Difference, undeclared_differences
from turnpike.rendering.paths import declared
from turnpike.topology.clouds import CLOUDS, Clouds
from turnpike.topology.environment import Environment, Target
from turnpike.topology.target import target_problems
from unit.rendering.conftest import ROOT

Deployed = Callable[..., Deployment]
Predictive = Callable[..., PredictiveModel]
STAGES = ("dev", "staging", "production")

NORTH = """
name: scaleway-north
cloud: scaleway
region: nl-ams
cluster: production-scaleway-north
residency: EU
storage: s3://example-turnpike-north
images: registry.example/turnpike
identity:
  annotation: scaleway.example/application
  principal: "{team}"
network:
  egress: [{purpose: its own store, cidr: 10.200.0.0/16, port: 443}]
nodeSelector: {scaleway.example/pool: models}
"""
CLOUD = """clouds:
  - {name: scaleway, regions: {nl-ams: EU}, storage: [s3], requires: [identity, egress]}
"""
ANNOTATION = """    paths:
      - {path: "ServiceAccount.metadata.annotations[scaleway.example/application]"}
"""


@pytest.fixture(scope="module")
def clouds() -> Clouds:
    """The product's own clouds."""
    file = ROOT / "environments" / "clouds.yaml"
    return read(CLOUDS, file.read_bytes(), str(file))


def everywhere(deployment: Deployment) -> list[Deployment]:
    return [replace(deployment, target=target) for target in deployment.environment.targets]


def differing(deployments: Sequence[Deployment], clouds: Clouds) -> dict[str, Difference]:
    found = undeclared_differences(deployments, declared(clouds.differences()))
    return {one.path: one for one in found}


def with_target(deployment: Deployment, name: str, **changes: object) -> list[Deployment]:
    """Return the deployment on all targets, of which one says something else."""
    targets = tuple(
        target.model_copy(update=changes) if target.name == name else target
        for target in deployment.environment.targets
    )
    environment = deployment.environment.model_copy(update={"targets": targets})
    return [replace(deployment, environment=environment, target=target) for target in targets]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("traffic", [0, 100])
def test_only_declared_differences_remain_between_the_products_targets(
    deployed: Deployed,
    predictive: Predictive,
    generative: GenerativeModel,
    clouds: Clouds,
    stage: str,
    traffic: int,
) -> None:
    for model in (predictive(), generative):
        deployments = everywhere(deployed(model, environment=stage, traffic=traffic))
        assert len(deployments) == 4
        assert differing(deployments, clouds) == {}


@pytest.mark.parametrize("number", range(7))
def test_every_concern_is_needed(
    deployed: Deployed, predictive: Predictive, clouds: Clouds, number: int
) -> None:
    concerns = tuple(one for n, one in enumerate(clouds.concerns) if n != number)
    fewer = clouds.model_copy(update={"concerns": concerns})
    one_splits = with_target(deployed(predictive()), "aws-eu", deployment_mode="Knative")
    assert len(clouds.concerns) == 7
    assert differing(one_splits, clouds) == {}
    assert differing(one_splits, fewer)


def test_a_difference_names_its_path_and_what_each_target_has(
    deployed: Deployed, predictive: Predictive, clouds: Clouds
) -> None:
    pools = tuple(
        pool.model_copy(update={"resource": "amd.com/gpu"})
        for pool in deployed(predictive(), "azure-eu").target.accelerators
    )
    model = predictive(
        serving={
            "runtime": "mlserver",
            "resources": {"cpuMillicores": 500, "memoryMebibytes": 1024},
            "accelerators": [{"kind": "nvidia-t4", "count": 1}],
        }
    )
    all_targets = with_target(deployed(model), "azure-eu", accelerators=pools)
    found = differing([one for one in all_targets if one.target.name != "local"], clouds)
    resources = "InferenceService.spec.predictor.model.resources.limits"
    assert found[f"{resources}[amd.com/gpu]"].values == {
        "aws-eu": NOTHING,
        "gcp-eu": NOTHING,
        "azure-eu": '"1"',
    }
    assert len(found) == 4


def test_a_label_that_one_cloud_alone_wants_must_be_declared(
    deployed: Deployed, predictive: Predictive, clouds: Clouds
) -> None:
    deployment = deployed(predictive())
    identity = deployment.target.identity
    assert identity is not None
    privileged = identity.model_copy(update={"pod_labels": {"sidecar.example/inject": "true"}})
    found = differing(with_target(deployment, "aws-eu", identity=privileged), clouds)
    assert list(found) == ["InferenceService.spec.predictor.labels[sidecar.example/inject]"]


def test_the_name_of_another_target_is_a_difference_where_only_its_own_may_stand(
    deployed: Deployed, predictive: Predictive, clouds: Clouds
) -> None:
    deployment = deployed(predictive())
    store = deployment.target.storage
    other = "s3://example-turnpike-dev-artifacts"
    moved = with_target(deployment, "aws-eu", storage=other)
    assert store != other
    assert differing(moved, clouds) == {}  # another store is what storage says
    everywhere_else = clouds.model_copy(update={"concerns": clouds.concerns[1:]})
    path = "InferenceService.spec.predictor.model.storageUri"
    assert other in differing(moved, everywhere_else)[path].values["aws-eu"]


@pytest.mark.parametrize("text", ["local", 'target="aws-eu"', "production/gcp-eu: no", "any-name-"])
def test_a_manifest_may_say_what_a_target_is_called(
    deployed: Deployed, predictive: Predictive, clouds: Clouds, text: str
) -> None:
    drift = {"drift": [{"feature": text, "statistic": "psi", "threshold": 0.1}]}
    deployments = everywhere(deployed(predictive(monitoring=drift)))
    assert differing(deployments, clouds) == {}


def test_settings_of_one_target_are_a_difference(
    deployed: Deployed, predictive: Predictive, clouds: Clouds
) -> None:
    plain = everywhere(deployed(predictive()))
    (first, *others) = plain
    defaults = first.environment.defaults
    more = defaults.model_copy(
        update={"replicas": defaults.replicas.model_copy(update={"maximum": 99})}
    )
    wider = first.environment.model_copy(update={"defaults": more})
    found = differing([replace(first, environment=wider), *others], clouds)
    assert found["InferenceService.spec.predictor.maxReplicas"].values["local"] == "99"


def test_nothing_differs_where_there_is_one_target_or_none(
    deployed: Deployed, predictive: Predictive, clouds: Clouds
) -> None:
    assert differing([deployed(predictive())], clouds) == {}
    assert differing([], clouds) == {}


def test_a_fourth_cloud_is_a_target_and_its_declared_differences_and_nothing_else(
    deployed: Deployed, predictive: Predictive, clouds: Clouds, environments: dict[str, Environment]
) -> None:
    north = read_target(NORTH)
    production = environments["production"]
    wider = production.model_copy(update={"targets": (*production.targets, north)})
    (unknown,) = target_problems(wider, clouds)
    assert (unknown.field, unknown.actual) == ("targets.4.cloud", "scaleway")
    assert unknown.expected == "one of aws, azure, gcp, local"
    written = (ROOT / "environments" / "clouds.yaml").read_text("utf-8")
    identity = written.index("    paths:\n", written.index("- name: identity"))
    ours = written[:identity] + ANNOTATION + written[identity + len("    paths:\n") :]
    known = read(CLOUDS, ours.replace("clouds:\n", CLOUD, 1).encode(), "clouds.yaml")
    assert target_problems(wider, known) == ()
    deployment = replace(deployed(predictive()), environment=wider)
    assert list(differing(everywhere(deployment), clouds)) == [
        "ServiceAccount.metadata.annotations[scaleway.example/application]"
    ]
    assert differing(everywhere(deployment), known) == {}


def read_target(text: str) -> Target:
    """Return a target from its text, as environment.yaml would hold it."""
    from pydantic import TypeAdapter

    return read(TypeAdapter(Target), text.encode(), "target")
