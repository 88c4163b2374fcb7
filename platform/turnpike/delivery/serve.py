"""Serves what an environment's releases say: planned from one commit's files, then carried out.

What runs is what is released: each artifact passes the verifying step that its own
``manifests.yaml`` renders, and nothing that no release names is loaded.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from turnpike.cluster.interface import Cluster, Deployment, Running
from turnpike.delivery.verifying_step import VerifyingStep, run, verifying_step
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument, Problem
from turnpike.judge.layout import DeploymentKey, deployment_of
from turnpike.manifest.release import RELEASE, Release, Rest
from turnpike.registry.store import ArtifactStore

BY_GATEWAY = "served by the gateway"
WITHOUT_TRAFFIC = "takes no traffic"
_STEPS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Planned:
    """A release to be served, and the step that its artifact has to pass first.

    A release with a rest is a candidate: it is asked under a name of its own, and the rest, which
    is planned beside it, by everybody. Nothing here splits traffic.
    """

    key: DeploymentKey
    release: Release
    step: VerifyingStep


@dataclass(frozen=True, slots=True)
class Skipped:
    """A release that this server does not serve, and why."""

    key: DeploymentKey
    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A release whose stored bytes did not pass the verifying step; what the step said."""

    key: DeploymentKey
    exit_code: int
    message: str


@dataclass(frozen=True, slots=True)
class ServingPlan:
    """What is to be served in one target, and what is not, both sorted by path."""

    planned: tuple[Planned, ...]
    skipped: tuple[Skipped, ...]

    def beside(self, one: Planned) -> str:
        """Return the artifact with which a release shares its traffic; empty where it has it all.

        A candidate stands beside what serves the rest, and that beside the candidate.
        """
        others = (other for other in self.planned if other.key == one.key and other != one)
        return next((other.release.artifact for other in others), "")


@dataclass(frozen=True, slots=True)
class Served:
    """What runs now, what was left to others, and what was refused."""

    running: tuple[Running, ...]
    skipped: tuple[Skipped, ...]
    refused: tuple[Refused, ...]


def plan_serving(files: Mapping[str, bytes], environment: str, target: str) -> ServingPlan:
    """Return what a commit's releases say for one target; ``files`` maps paths to their bytes.

    Raises InvalidDocument where a release and its manifests cannot be read or do not agree.
    """
    keys = sorted({key for path in files if (key := deployment_of(path)) and _releases(path)})
    here = [key for key in keys if (key.environment, key.target) == (environment, target)]
    found = [item for key in here for item in _planned(key, files)]
    return ServingPlan(
        tuple(item for item in found if isinstance(item, Planned)),
        tuple(item for item in found if isinstance(item, Skipped)),
    )


def serve(plan: ServingPlan, store: ArtifactStore, workspace: Path, cluster: Cluster) -> Served:
    """Verify every planned artifact, then serve those that passed and nothing else.

    ``workspace`` gets one folder for each served artifact. A refused release is not served, and
    one that was served before is taken out of service.
    """
    with ThreadPoolExecutor(_STEPS_AT_ONCE) as lanes:
        outcomes = list(lanes.map(lambda item: _verified(item, store, workspace), plan.planned))
    cluster.apply(tuple(item for item in outcomes if isinstance(item, Deployment)))
    refused = tuple(item for item in outcomes if isinstance(item, Refused))
    return Served(cluster.running(), plan.skipped, refused)


def _releases(path: str) -> bool:
    return path.endswith("/release.yaml")


def _planned(key: DeploymentKey, files: Mapping[str, bytes]) -> tuple[Planned | Skipped, ...]:
    path = key.path("release.yaml")
    release = read(RELEASE, files[path], path)
    if (release.team, release.model) != (key.team, key.model):
        named = f"{release.team}/{release.model}"
        raise _refusal(path, "model", str(key.model_key), named)
    step = _step(key, files)
    if release.traffic == 0 and release.rest is None:
        return (Skipped(key, WITHOUT_TRAFFIC),)
    if step is None:
        return (Skipped(key, BY_GATEWAY),)
    if step.digest != release.artifact:
        raise _refusal(key.path("manifests.yaml"), "--digest", release.artifact, step.digest)
    planned = Planned(key, release, step)
    return (planned, _beside(planned, release.rest)) if release.rest else (planned,)


def _beside(planned: Planned, rest: Rest) -> Planned:
    """Return what serves the rest, which passes the same step for its own digest."""
    identity = {**dict(rest), "traffic": 100 - planned.release.traffic, "rest": None}
    release = planned.release.model_copy(update=identity)
    return Planned(planned.key, release, planned.step.demanding(rest.artifact))


def _step(key: DeploymentKey, files: Mapping[str, bytes]) -> VerifyingStep | None:
    path = key.path("manifests.yaml")
    if path not in files:
        raise _refusal(path, "", "the rendered manifests of the release", "no file")
    return verifying_step(files[path], path)


def _verified(item: Planned, store: ArtifactStore, workspace: Path) -> Deployment | Refused:
    release, key = item.release, item.key
    digits = release.artifact.removeprefix("sha256:")
    folder = workspace.absolute() / key.environment / key.team / key.model / digits
    shutil.rmtree(folder, ignore_errors=True)
    said = run(item.step, store.path_of(release.artifact).absolute(), folder)
    if said.exit_code != 0:
        return Refused(key, said.exit_code, said.message)
    return Deployment(
        team=key.team,
        model=key.model,
        environment=key.environment,
        target=key.target,
        artifact=release.artifact,
        version=release.version,
        folder=folder,
        candidate=release.rest is not None,
    )


def _refusal(path: str, field: str, expected: str, actual: str) -> InvalidDocument:
    return InvalidDocument((Problem(path, 0, field, expected, actual),))
