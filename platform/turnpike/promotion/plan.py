"""What a release change writes: pure, from what stands on main to files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import InputError
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.judge.rollout import progress_of, rollout_for
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.release import Emergency, Release
from turnpike.manifest.settings import Settings
from turnpike.promotion.move import Move
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.derive import derived_files
from turnpike.topology.environment import Environment, Target
from turnpike.topology.rollout import WHOLE


@dataclass(frozen=True, slots=True)
class Admitted:
    """A manifest on main with the blob it stands in and the decision that let it in."""

    model: PredictiveModel | GenerativeModel
    blob: ObjectId
    decision: Digest


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on main about one model: environments, releases, settings, by path."""

    environments: Mapping[str, Environment]
    releases: Mapping[str, Release]
    settings: Mapping[str, Settings]

    def deployment(
        self,
        key: DeploymentKey,
        manifests: Mapping[ObjectId, PredictiveModel | GenerativeModel],
    ) -> Deployment | None:
        """Return what is released at a place, which it must be; None without target or manifest."""
        release = self.releases[key.path("release.yaml")]
        environment = self.environments.get(key.environment)
        target = environment.target(key.target) if environment else None
        model = manifests.get(release.manifest)
        if environment is None or target is None or model is None:
            return None
        settings = self.settings.get(key.path("settings.yaml"))
        return Deployment(model, release, environment, target, settings)


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """The files of one release change; None deletes a file.

    ``train`` names what a later plan of the same takes the place of: the environment that a
    promotion goes to, or what is rendered anew.
    """

    title: str
    files: Mapping[str, bytes | None]
    train: str = ""

    def __or__(self, other: ReleasePlan) -> ReleasePlan:
        """Return both plans as one change."""
        return ReleasePlan(f"{self.title}; {other.title}", {**self.files, **other.files})


def environment_named(standing: Standing, name: str) -> Environment:
    """Return the environment; raises InputError with the names that exist."""
    if name not in standing.environments:
        known = ", ".join(sorted(standing.environments)) or "none"
        raise InputError(
            f"expected one of the environments {known}, got {name}",
            code="environment.unknown",
            solution=f"Name one of them, or add environments/{name}/environment.yaml first.",
        )
    return standing.environments[name]


def targets_named(environment: Environment, names: Iterable[str]) -> tuple[Target, ...]:
    """Return the targets of those names, or all of the environment's where none is named."""
    wanted = tuple(names)
    found = tuple(t for t in environment.targets if not wanted or t.name in wanted)
    unknown = sorted(set(wanted) - {target.name for target in found})
    if unknown:
        known = ", ".join(target.name for target in environment.targets)
        raise InputError(
            f"expected one of the targets {known} of {environment.name}, got {unknown[0]}",
            code="target.unknown",
            solution=f"See environments/{environment.name}/environment.yaml on main: targets.",
        )
    return found


def plan_release(
    key: ModelKey,
    admitted: Admitted,
    standing: Standing,
    environment_name: str,
    targets: Iterable[str] = (),
) -> ReleasePlan:
    """Plan the release of an admitted model into an environment that promotes from none."""
    environment = environment_named(standing, environment_name)
    if environment.promotes_from:
        sources = ", ".join(environment.promotes_from)
        raise InputError(
            f"{environment.name} promotes from {sources}: expected an environment that is first",
            code="release.not-first",
            solution=f"Use `turnpike promote {key} --to {environment.name}`.",
        )
    artifact = admitted.model.artifact
    if artifact is None:
        raise InputError(
            f"{key.manifest_path} on main: expected an artifact block, found a draft",
            code="release.draft",
            solution="Register the model, and merge the manifest with its artifact block first.",
        )
    release = Release(
        api_version="turnpike.dev/v1",
        kind="Release",
        team=key.team,
        model=key.model,
        version=artifact.version,
        artifact=artifact.digest,
        manifest=admitted.blob,
        decision=admitted.decision,
        promoted_from=None,
        traffic=WHOLE,
    )
    title = f"Release {key} {artifact.version} to {environment.name}"
    chosen = targets_named(environment, targets)
    return _stepped(title, release, admitted.model, standing, environment, chosen)


def plan_promotion(
    key: ModelKey,
    manifests: Mapping[ObjectId, PredictiveModel | GenerativeModel],
    standing: Standing,
    environment_name: str,
    targets: Iterable[str] = (),
    emergency: Emergency | None = None,
    move: Move | None = None,
) -> ReleasePlan:
    """Plan the promotion of what an earlier environment serves; the bytes stay the same.

    With a ``move`` they are those of its artifact, from its origin; else what the first of the
    environments before serves.
    """
    environment = environment_named(standing, environment_name)
    origin, source = _source_of(key, standing, environment, move)
    ordinary = {"promoted_from": origin, "traffic": WHOLE, "rest": None, "emergency": emergency}
    release = source.model_copy(update=ordinary)
    title = f"Promote {key} {release.version} to {environment.name}"
    chosen = targets_named(environment, targets)
    if emergency:
        _require_news(release, standing, environment, chosen)
    write = _written if emergency else _stepped
    return write(title, release, manifests[release.manifest], standing, environment, chosen)


def _require_news(
    release: Release, standing: Standing, environment: Environment, targets: tuple[Target, ...]
) -> None:
    """Raise InputError where an emergency would bring nothing but itself, and a debt."""
    here = _here(standing, environment, release)
    found = [here.get(target.name) for target in targets]
    if all(one and (one.what, one.traffic) == (release.what, WHOLE) for one in found):
        raise InputError(
            f"{release.team}/{release.model} {release.version} to {environment.name}:"
            " expected something to change, but main already releases it there",
            code="release.nothing-to-do",
            solution="`turnpike status` shows what is released where.",
        )


def plan_rollback(
    key: DeploymentKey,
    earlier: Release,
    manifests: Mapping[ObjectId, PredictiveModel | GenerativeModel],
    standing: Standing,
) -> ReleasePlan:
    """Plan the return of one deployment to an earlier release, rendered afresh."""
    environment = environment_named(standing, key.environment)
    target = targets_named(environment, (key.target,))
    title = f"Roll back {key} to {earlier.version}"
    model = manifests[earlier.manifest]
    again = earlier.model_copy(update={"emergency": None})
    return _written(title, again, model, standing, environment, target)


def plan_retirement(
    key: ModelKey, standing: Standing, environment_name: str, targets: Iterable[str] = ()
) -> ReleasePlan:
    """Plan the end of a model in an environment: every file of its deployments goes."""
    environment = environment_named(standing, environment_name)
    files: dict[str, bytes | None] = {}
    for target in targets_named(environment, targets):
        deployment = DeploymentKey(environment.name, target.name, key.team, key.model)
        if deployment.path("release.yaml") in standing.releases:
            files[deployment.path("release.yaml")] = None
            files[deployment.path("manifests.yaml")] = None
        if deployment.path("settings.yaml") in standing.settings:
            files[deployment.path("settings.yaml")] = None
    if not files:
        raise InputError(
            f"{key} in {environment.name}: expected a release, found none",
            code="release.not-released",
            solution=f"`turnpike status {key}` shows where it is released.",
        )
    return ReleasePlan(f"Retire {key} from {environment.name}", files)


def _source_of(
    key: ModelKey, standing: Standing, environment: Environment, move: Move | None
) -> tuple[str, Release]:
    """Return the first environment before this one that serves what is meant, and its release."""
    for name, release in _sources(key, standing, environment):
        if move is None or (name, release.artifact) == (move.origin, move.artifact):
            return name, release
    if not environment.promotes_from:
        raise InputError(
            f"{environment.name} promotes from no environment: expected one that is not first",
            code="promotion.first",
            solution=f"Use `turnpike release {key} --to {environment.name}`.",
        )
    sources = ", ".join(environment.promotes_from)
    raise InputError(
        f"{key} to {environment.name}: expected a release in {sources}, found none",
        code="promotion.no-source",
        solution=f"Release the model to {sources} first; see `turnpike status {key}`.",
    )


def _sources(
    key: ModelKey, standing: Standing, environment: Environment
) -> Iterator[tuple[str, Release]]:
    """Yield what the environments before this one serve; one that is not listed serves nothing."""
    for name in environment.promotes_from:
        stage = standing.environments.get(name)
        for target in stage.targets if stage else ():
            path = DeploymentKey(name, target.name, key.team, key.model).path("release.yaml")
            if path in standing.releases and standing.releases[path].traffic == WHOLE:
                yield name, standing.releases[path]


def _stepped(
    title: str,
    release: Release,
    model: PredictiveModel | GenerativeModel,
    standing: Standing,
    environment: Environment,
    targets: tuple[Target, ...],
) -> ReleasePlan:
    """Return the files of the step that is next; of all at once where there are no steps."""
    rollout = rollout_for(environment, model)
    if rollout is None:
        return _written(title, release, model, standing, environment, targets)
    here = _here(standing, environment, release)
    progress = progress_of(environment, rollout, here, release.what)
    step = progress.following()
    if step is None:
        return _written(title, release, model, standing, environment, targets)
    files: dict[str, bytes | None] = {}
    for target in targets:
        if target.name in step.targets:
            rest = progress.rest_beside(target.name, step.traffic)
            share = release.model_copy(update={"traffic": step.traffic, "rest": rest})
            files |= _written("", share, model, standing, environment, (target,)).files
    return ReleasePlan(f"{title}, {step} of {progress.count}", files)


def _here(standing: Standing, environment: Environment, release: Release) -> dict[str, Release]:
    """Return what an environment has of a release's model, by target."""
    found: dict[str, Release] = {}
    for target in environment.targets:
        key = DeploymentKey(environment.name, target.name, release.team, release.model)
        if key.path("release.yaml") in standing.releases:
            found[target.name] = standing.releases[key.path("release.yaml")]
    return found


def _written(
    title: str,
    release: Release,
    model: PredictiveModel | GenerativeModel,
    standing: Standing,
    environment: Environment,
    targets: Iterable[Target],
) -> ReleasePlan:
    files: dict[str, bytes | None] = {}
    for target in targets:
        deployment = DeploymentKey(environment.name, target.name, release.team, release.model)
        settings = standing.settings.get(deployment.path("settings.yaml"))
        files |= derived_files(Deployment(model, release, environment, target, settings))
    return ReleasePlan(title, files)
