"""What main wants of a cluster for one model: a release in a target, or that nothing stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import yaml

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, InvalidDocument
from turnpike.git.repository import Repository
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.manifest.release import Release, former_release
from turnpike.topology.environment import Environment, Target

Standing = Literal["current", "older", "foreign"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must stand in a target; ``release`` is None where nothing of the model may.

    ``kind`` is what carries the artifact there, ``ever`` are all digests that were released there
    at any time, by releases that today's schema can read, ``neighbours`` the team's models that are
    released there.
    """

    key: DeploymentKey
    cluster: str
    release: Release | None
    kind: Literal["InferenceService", "ConfigMap"]
    ever: frozenset[str]
    neighbours: frozenset[str]

    @property
    def namespace(self) -> str:
        """Return the team's namespace in the environment."""
        return f"{self.key.environment}-{self.key.team}"

    @property
    def application(self) -> str:
        """Return the name of the Argo CD Application; platform/argocd makes the same."""
        return ".".join((self.key.environment, self.key.target, self.key.team, self.key.model))

    @property
    def carrier(self) -> str:
        """Return the name of the object that carries the artifact."""
        return self.key.model if self.kind == "InferenceService" else f"{self.key.model}-route"


def wanted_on(
    repository: Repository, main: ObjectId, environment: Environment, key: ModelKey
) -> tuple[Wanted, ...]:
    """Return what a commit of main wants in each target of an environment, by target."""
    return tuple(
        _wanted(repository, main, target, environment.name, key) for target in environment.targets
    )


def _wanted(
    repository: Repository, main: ObjectId, target: Target, environment: str, key: ModelKey
) -> Wanted:
    place = DeploymentKey(environment, target.name, key.team, key.model)
    path = place.path("release.yaml")
    history = repository.history_of(path, main)
    blobs = repository.blobs(one.object for one in history if one.object)
    stood = [former_release(blobs[one.object], path) for one in history if one.object]
    release = stood[0] if history and history[0].object else None
    if isinstance(release, InvalidDocument):  # it stands today, where a change mends it
        raise release
    return Wanted(
        key=place,
        cluster=target.cluster,
        release=release,
        kind=_carrier_of(repository, main, place),
        ever=frozenset(one.artifact for one in stood if isinstance(one, Release)),
        neighbours=_released_in(repository, main, f"environments/{environment}/{target.name}", key),
    )


def _carrier_of(
    repository: Repository, main: ObjectId, place: DeploymentKey
) -> Literal["InferenceService", "ConfigMap"]:
    """Return what carries the artifact: a route is a ConfigMap and nothing else."""
    manifests = repository.read(main, place.path("manifests.yaml"))
    if manifests is None:
        return "InferenceService"
    kinds = {one["kind"] for one in yaml.load_all(manifests, Loader=yaml.CSafeLoader)}
    return "ConfigMap" if kinds == {"ConfigMap"} else "InferenceService"


def _released_in(
    repository: Repository, main: ObjectId, folder: str, key: ModelKey
) -> frozenset[str]:
    return frozenset(repository.names(main, f"{folder}/{key.team}"))


def standing_of_revision(
    repository: Repository, main: ObjectId, revision: str, folder: str
) -> Standing:
    """Tell what a revision is to a folder of main: the same there, older, or no commit of main.

    In a monorepo main moves with every merge; what counts is the folder as the commit has it.
    """
    try:
        commit = repository.resolve(revision)
    except InputError:
        return "foreign"
    if not repository.is_ancestor(commit, main):
        return "foreign"
    same = repository.tree_id(commit, folder) == repository.tree_id(main, folder)
    return "current" if same else "older"
