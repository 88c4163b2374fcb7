"""Read what stands on main about models: environments, releases, settings and manifests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.git.repository import Repository
from turnpike.judge.layout import DeploymentKey, ModelKey, deployment_of, environment_of
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel
from turnpike.manifest.release import RELEASE, Release
from turnpike.manifest.settings import SETTINGS, Settings
from turnpike.promotion.plan import Standing
from turnpike.promotion.rerender import Fleet
from turnpike.rendering.deployment import Deployment
from turnpike.topology.environment import ENVIRONMENT, Environment


def environments_on(repository: Repository, commit: ObjectId) -> dict[str, Environment]:
    """Return every environment of a commit, by name."""
    names = repository.names(commit, "environments")
    paths = [f"environments/{name}/environment.yaml" for name in names]
    entries = repository.files(commit, paths) if paths else {}
    blobs = repository.blobs(entry.object for entry in entries.values())
    return {
        name: read(ENVIRONMENT, blobs[entry.object], path)
        for path, entry in entries.items()
        if (name := environment_of(path))
    }


def standing_of(repository: Repository, commit: ObjectId, keys: Iterable[ModelKey]) -> Standing:
    """Return what stands on a commit about some models, in all environments."""
    environments = environments_on(repository, commit)
    folders = [
        DeploymentKey(environment.name, target.name, key.team, key.model).folder
        for key in keys
        for environment in environments.values()
        for target in environment.targets
    ]
    return _standing(repository, commit, environments, folders)


def standing_of_all(repository: Repository, commit: ObjectId) -> Standing:
    """Return what stands on a commit about every model, in all environments."""
    return _standing(repository, commit, environments_on(repository, commit), ["environments"])


def deployments_of(
    repository: Repository, standing: Standing, wanted: Callable[[DeploymentKey], bool]
) -> Iterator[Deployment]:
    """Yield what a standing releases, where it is wanted, with its manifests from the repository.

    What nothing can be rendered from is left out.
    """
    manifests = manifests_of(repository, standing.releases.values())
    for path in standing.releases:
        key = deployment_of(path)
        deployment = standing.deployment(key, manifests) if key and wanted(key) else None
        if deployment is not None:
            yield deployment


def rendered_on(repository: Repository, commit: ObjectId) -> Fleet:
    """Return everything that a commit releases, with its manifests as they stand."""
    standing = standing_of_all(repository, commit)
    places = [key for path in standing.releases if (key := deployment_of(path))]
    rendered = repository.read_all(commit, [key.path("manifests.yaml") for key in places])
    return Fleet(standing, manifests_of(repository, standing.releases.values()), rendered)


def _standing(
    repository: Repository,
    commit: ObjectId,
    environments: dict[str, Environment],
    folders: list[str],
) -> Standing:
    entries = repository.files(commit, folders) if folders else {}
    wanted = {path: entry.object for path, entry in entries.items() if deployment_of(path)}
    wanted = {p: blob for p, blob in wanted.items() if not p.endswith("/manifests.yaml")}
    blobs = repository.blobs(wanted.values())
    releases: dict[str, Release] = {}
    settings: dict[str, Settings] = {}
    for path, blob in wanted.items():
        if path.endswith("/release.yaml"):
            releases[path] = read(RELEASE, blobs[blob], path)
        else:
            settings[path] = read(SETTINGS, blobs[blob], path)
    return Standing(environments, releases, settings)


def manifests_of(
    repository: Repository, releases: Iterable[Release]
) -> dict[ObjectId, PredictiveModel | GenerativeModel]:
    """Return the manifest of each release, by the Git blob that the release names."""
    wanted = {release.manifest for release in releases}
    blobs = repository.blobs(wanted)
    return {blob: read(MODEL, content, f"manifest {blob}") for blob, content in blobs.items()}


def manifest_on(
    repository: Repository, commit: ObjectId, key: ModelKey
) -> tuple[ObjectId, PredictiveModel | GenerativeModel] | None:
    """Return a model's manifest on a commit, with its blob; None where there is none."""
    blob = repository.blob_id(commit, key.manifest_path)
    if blob is None:
        return None
    return blob, read(MODEL, repository.blobs([blob])[blob], key.manifest_path)
