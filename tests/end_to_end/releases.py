"""Files of releases: what the verbs would write, and what somebody could write by hand instead."""

from __future__ import annotations

from collections.abc import Iterable

from end_to_end.people import BOT, RELEASE_MANAGER
from end_to_end.world import Draft, World
from turnpike.documents.canonical import to_json
from turnpike.documents.document import Document
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.manifest.release import Release
from turnpike.manifest.settings import Replicas, Settings
from turnpike.promotion.admission import admitted_on
from turnpike.promotion.standing import standing_of
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.derive import derived_files
from turnpike.rendering.dump import dump


def key_of(draft: Draft) -> ModelKey:
    """Return the model of a draft."""
    team, _, model = draft.key.partition("/")
    return ModelKey(team, model)


def release_on(world: World, draft: Draft) -> Release:
    """Return the release of what main's manifest of a model names, into a first environment."""
    house = world.house
    admitted = admitted_on(house.host, house.record, world.main, key_of(draft))
    artifact = admitted.model.artifact
    assert artifact is not None
    return Release(
        api_version="turnpike.dev/v1",
        kind="Release",
        team=admitted.model.team,
        model=admitted.model.name,
        version=artifact.version,
        artifact=artifact.digest,
        manifest=admitted.blob,
        decision=admitted.decision,
        promoted_from=None,
        traffic=100,
    )


def written(
    world: World, release: Release, environment: str, *targets: str
) -> dict[str, bytes | None]:
    """Return both derived files of a release for all of an environment's targets, or for some."""
    house, main = world.house, world.main
    key = ModelKey(release.team, release.model)
    standing = standing_of(house.host, main, (key,))
    model = admitted_on(house.host, house.record, main, key).model
    place = standing.environments[environment]
    files: dict[str, bytes | None] = {}
    for target in place.targets:
        if not targets or target.name in targets:
            files |= derived_files(Deployment(model, release, place, target))
    return files


def sized(world: World, place: DeploymentKey, replicas: int) -> dict[str, bytes | None]:
    """Return settings for a standing deployment, with the manifests that derive from them."""
    house, main = world.house, world.main
    standing = standing_of(house.host, main, (place.model_key,))
    model = admitted_on(house.host, house.record, main, place.model_key).model
    settings = Settings(
        api_version="turnpike.dev/v1",
        kind="Settings",
        replicas=Replicas(minimum=2, maximum=replicas),
    )
    environment = standing.environments[place.environment]
    target = environment.target(place.target)
    assert target is not None
    release = standing.releases[place.path("release.yaml")]
    derived = derived_files(Deployment(model, release, environment, target, settings))
    manifests = place.path("manifests.yaml")
    return {place.path("settings.yaml"): _yaml(settings), manifests: derived[manifests]}


def retired(world: World, draft: Draft, environments: Iterable[str]) -> dict[str, bytes | None]:
    """Return the deletion of every file of a model in some environments."""
    house, main = world.house, world.main
    standing = standing_of(house.host, main, (key_of(draft),))
    folders = [p.removesuffix("release.yaml") for p in standing.releases]
    chosen = [f for f in folders if f.split("/")[1] in environments]
    return dict.fromkeys(
        f"{f}{file}" for f in chosen for file in ("release.yaml", "manifests.yaml")
    )


def opened(world: World, draft: Draft, environment: str, *options: str) -> int:
    """Open the release of a merged model, or its promotion; return the pull request's number.

    A promotion is opened also where the plan says no, so that the gate is asked.
    """
    verb = ("release",) if environment == "dev" else ("promote", "--anyway")
    number = world.change(*verb, draft.key, "--to", environment, "--as", BOT, *options)
    if environment == "production":
        world.approve(number, RELEASE_MANAGER)
    return number


def released(world: World, draft: Draft, environment: str, *options: str) -> None:
    """Release a merged model to an environment, or promote it there."""
    world.merged(opened(world, draft, environment, *options))


def _yaml(document: Document) -> bytes:
    value = to_json(document)
    assert isinstance(value, dict)
    return dump([value], "Written by hand.")
