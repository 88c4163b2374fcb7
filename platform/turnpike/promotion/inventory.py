"""Everything on main that a recall looks at: all manifests, and what stood before at each place."""

from __future__ import annotations

from collections.abc import Iterable

from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.git.repository import Repository
from turnpike.judge.layout import ModelKey, model_of
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel
from turnpike.manifest.release import RELEASE, Release


def models_on(
    repository: Repository, commit: ObjectId
) -> dict[ModelKey, PredictiveModel | GenerativeModel]:
    """Return the manifest of every model on a commit."""
    entries = repository.files(commit, ["models"])
    wanted = {
        path: key for path in entries if (key := model_of(path)) and path == key.manifest_path
    }
    blobs = repository.blobs(entries[path].object for path in wanted)
    return {key: read(MODEL, blobs[entries[path].object], path) for path, key in wanted.items()}


def earlier_releases(
    repository: Repository, commit: ObjectId, paths: Iterable[str]
) -> dict[str, tuple[Release, ...]]:
    """Return what stood at each path of a release before, newest first."""
    found: dict[str, tuple[Release, ...]] = {}
    for path in paths:
        former = [v.object for v in repository.history_of(path, commit)[1:] if v.object]
        blobs = repository.blobs(former)
        found[path] = tuple(read(RELEASE, blobs[blob], path) for blob in former)
    return found
