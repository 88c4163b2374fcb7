"""What could move into an environment: the manifest on main, or what stages before it serve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.judge.layout import DeploymentKey, ModelKey, deployment_of
from turnpike.manifest.release import Release
from turnpike.promotion.ground import Fleet, Ground
from turnpike.promotion.move import MAIN
from turnpike.topology.environment import Environment
from turnpike.topology.rollout import WHOLE

Served = Mapping[str, Mapping[str, Release]]
"""The releases of one model, by environment and target."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Bytes with their manifest, and the stages that serve them now, in the order of the road."""

    artifact: Digest | None
    manifest: ObjectId
    version: str | None
    origins: tuple[str, ...]

    def stands_as(self, release: Release | None) -> bool:
        """Tell whether a place serves exactly this already, to everybody."""
        if release is None or release.traffic != WHOLE:
            return False
        return (release.artifact, release.manifest) == (self.artifact, self.manifest)

    def serves_as(self, release: Release | None) -> bool:
        """Tell whether a place serves these bytes with this manifest to anybody: none enter it."""
        return release is not None and (self.artifact, self.manifest) in release.served


def served_by_model(fleet: Fleet) -> dict[ModelKey, dict[str, dict[str, Release]]]:
    """Return what each model serves where."""
    found: dict[ModelKey, dict[str, dict[str, Release]]] = defaultdict(lambda: defaultdict(dict))
    for path, release in fleet.releases.items():
        place = deployment_of(path)
        if place is not None:
            found[place.model_key][place.environment][place.target] = release
    return found


def candidates_for(
    environment: Environment, model: ModelKey, fleet: Fleet, served: Served
) -> tuple[Candidate, ...]:
    """Return what could move into an environment, each bytes and manifest once."""
    if environment.promotes_from:
        return tuple(_promoted(environment, served))
    blob = fleet.manifests.get(model)
    if blob is None:
        return ()
    brief = fleet.briefs.get(blob)
    made = (brief.artifact, brief.version) if brief else (None, None)
    return (Candidate(made[0], blob, made[1], (MAIN,)),)


def _promoted(environment: Environment, served: Served) -> Iterator[Candidate]:
    origins: dict[tuple[Digest, ObjectId], list[str]] = {}
    versions: dict[tuple[Digest, ObjectId], str] = {}
    for stage in environment.promotes_from:
        for release in served.get(stage, {}).values():
            if release.traffic != WHOLE:  # tried there, and not there yet
                continue
            what = (release.artifact, release.manifest)
            versions.setdefault(what, release.version)
            known = origins.setdefault(what, [])
            if stage not in known:
                known.append(stage)
    for (artifact, manifest), stages in origins.items():
        yield Candidate(artifact, manifest, versions[artifact, manifest], tuple(stages))


def soaking_artifacts(ground: Ground, fleet: Fleet) -> frozenset[Digest]:
    """Return the artifacts whose observations bear on some move: they soak, or are analysed."""
    stages = {
        stage
        for environment in ground.environments.values()
        if environment.soak_seconds
        for stage in environment.promotes_from
    }
    stages |= {name for name, environment in ground.environments.items() if environment.rollout}
    return frozenset(
        release.artifact
        for path, release in fleet.releases.items()
        if (place := deployment_of(path)) and place.environment in stages
    )


def entering(ground: Ground, fleet: Fleet) -> frozenset[tuple[Digest, ObjectId]]:
    """Return the versions that would enter some environment, each with its manifest's blob."""
    served = served_by_model(fleet)
    return frozenset(
        (candidate.artifact, candidate.manifest)
        for model in fleet.manifests.keys() | served.keys()
        for name, environment in ground.environments.items()
        for candidate in candidates_for(environment, model, fleet, served.get(model, {}))
        if candidate.artifact and not _is_everywhere(candidate, environment, served, model, name)
    )


def replacing(ground: Ground, fleet: Fleet) -> frozenset[str]:
    """Return the paths of the releases in whose place other bytes could come."""
    served = served_by_model(fleet)
    return frozenset(
        DeploymentKey(name, target, model.team, model.model).path("release.yaml")
        for model in served
        for name, environment in ground.environments.items()
        for candidate in candidates_for(environment, model, fleet, served[model])
        for target, release in served[model].get(name, {}).items()
        if candidate.artifact != release.artifact
    )


def _is_everywhere(
    candidate: Candidate,
    environment: Environment,
    served: Mapping[ModelKey, Served],
    model: ModelKey,
    name: str,
) -> bool:
    here = served.get(model, {}).get(name, {})
    return all(candidate.serves_as(here.get(target.name)) for target in environment.targets)


def unreleased(fleet: Fleet) -> dict[ModelKey, ObjectId]:
    """Return the manifests that no release names: whether they were let in is still to be asked.

    What a release on main names was let in, or the release had not been.
    """
    named = {release.manifest for release in fleet.releases.values()}
    return {model: blob for model, blob in fleet.manifests.items() if blob not in named}
