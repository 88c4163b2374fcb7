"""Whether models mean the same on every target: each is rendered everywhere and compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.errors import Problem
from turnpike.manifest.model import Artifact, GenerativeModel, PredictiveModel, RouteArtifact
from turnpike.manifest.release import Release
from turnpike.rendering.consistency import deployment_problems
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.equivalence import Difference, undeclared_differences
from turnpike.rendering.paths import Place, declared
from turnpike.topology.clouds import Clouds
from turnpike.topology.environment import Environment

_ACCELERATORS = "serving.accelerators"


@dataclass(frozen=True, slots=True)
class Unequal:
    """A model that means something else on one target of an environment than on another."""

    environment: str
    model: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was rendered, what differs undeclared, and what targets lack for what models ask."""

    models: int
    targets: int
    renderings: int
    unequal: tuple[Unequal, ...]
    lacking: tuple[Problem, ...]

    @property
    def is_equivalent(self) -> bool:
        """Tell whether only declared differences remain."""
        return not self.unequal and not self.lacking


def together(parts: Sequence[Comparison]) -> Comparison:
    """Return what comparisons of several models on the same targets say together."""
    return Comparison(
        models=sum(part.models for part in parts),
        targets=max((part.targets for part in parts), default=0),
        renderings=sum(part.renderings for part in parts),
        unequal=tuple(one for part in parts for one in part.unequal),
        lacking=tuple(one for part in parts for one in part.lacking),
    )


def compared(
    models: Sequence[PredictiveModel | GenerativeModel],
    environments: Sequence[Environment],
    clouds: Clouds,
) -> Comparison:
    """Return how the models compare on the targets of each environment.

    A draft is compared as if it had been registered. Settings are left out: they are what people
    say of one target.
    """
    everything = declared(clouds.differences())
    renderings, unequal, lacking = 0, list[Unequal](), list[Problem]()
    for model in map(_registered, models):
        for environment in environments:
            everywhere, lacks = _everywhere(model, environment, clouds)
            renderings += len(everywhere)
            lacking += lacks
            unequal += _unequal(everywhere, everything)
    return Comparison(
        models=len(models),
        targets=sum(len(environment.targets) for environment in environments),
        renderings=renderings,
        unequal=tuple(unequal),
        lacking=tuple(lacking),
    )


def _unequal(everywhere: Sequence[Deployment], everything: Place) -> Iterator[Unequal]:
    for difference in undeclared_differences(everywhere, everything):
        first = everywhere[0]
        yield Unequal(first.environment.name, first.model.key, difference)


def _everywhere(
    model: PredictiveModel | GenerativeModel, environment: Environment, clouds: Clouds
) -> tuple[list[Deployment], list[Problem]]:
    """Return the model on each target that can have it, and why the others cannot."""
    release, found, lacking = _release_of(model), list[Deployment](), list[Problem]()
    for number, target in enumerate(environment.targets):
        deployment = Deployment(model, release, environment, target)
        problems = deployment_problems(deployment)
        if problems:
            lacking += _lacking(deployment, number, problems, clouds)
        else:
            found.append(deployment)
    return found, lacking


def _lacking(
    deployment: Deployment, number: int, problems: Iterable[Problem], clouds: Clouds
) -> Iterator[Problem]:
    """Yield what the target lacks, at its own place; nothing that its cloud declares to lack."""
    target = deployment.target
    cloud = clouds.cloud(target.cloud)
    file = f"environments/{deployment.environment.name}/environment.yaml"
    for problem in problems:
        if problem.field != _ACCELERATORS:
            yield problem
        elif cloud is None or "accelerators" not in cloud.lacks:
            wanted = f"a pool of {problem.actual}, for {deployment.model.key} on {target.name}"
            pools = ", ".join(pool.kind for pool in target.accelerators) or "none"
            yield Problem(file, 0, f"targets.{number}.accelerators", wanted, pools)


def _registered(
    model: PredictiveModel | GenerativeModel,
) -> PredictiveModel | GenerativeModel:
    """Return the model with an artifact: its own, or one that stands in for a draft's."""
    if model.artifact is not None:
        return model
    name = f"{model.team}.{model.name}"
    artifact: Artifact | RouteArtifact
    if isinstance(model, GenerativeModel):
        digest = model.route_digest()
        artifact = RouteArtifact(registry_model=name, version="1", digest=digest, format="route")
    else:
        digest = digest_of(model.key.encode())
        artifact = Artifact(registry_model=name, version="1", digest=digest, format="skops")
    return model.model_copy(update={"artifact": artifact})


def _release_of(model: PredictiveModel | GenerativeModel) -> Release:
    artifact = model.artifact
    return Release(
        api_version="turnpike.dev/v1",
        kind="Release",
        team=model.team,
        model=model.name,
        version=artifact.version if artifact else "1",
        artifact=artifact.digest if artifact else digest_of(b""),
        manifest=ObjectId("0" * 40),
        decision=digest_of(b""),
        promoted_from=None,
        traffic=100,
    )
