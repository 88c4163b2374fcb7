"""Everything on main that a recall looks at: all manifests, and what stood before at each place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument, Problem
from turnpike.git.repository import Repository
from turnpike.judge.layout import ModelKey, model_of
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel
from turnpike.manifest.release import Release
from turnpike.promotion.former import Unexamined, formers_at


def models_on(
    repository: Repository, commit: ObjectId
) -> dict[ModelKey, PredictiveModel | GenerativeModel]:
    """Return the manifest of every model on a commit; raises InvalidDocument for the first bad one.

    Whoever recalls must not pass over what can't be read; who only shows asks ``readable_on``.
    """
    return {key: read(MODEL, blob, key.manifest_path) for key, blob in _on(repository, commit)}


def readable_on(
    repository: Repository, commit: ObjectId
) -> tuple[dict[ModelKey, PredictiveModel | GenerativeModel], dict[ModelKey, tuple[Problem, ...]]]:
    """Return the manifests of a commit that can be read, and what is wrong with the others."""
    models, problems = {}, dict[ModelKey, tuple[Problem, ...]]()
    for key, blob in _on(repository, commit):
        try:
            models[key] = read(MODEL, blob, key.manifest_path)
        except InvalidDocument as error:
            problems[key] = error.problems
    return models, problems


def _on(repository: Repository, commit: ObjectId) -> Iterator[tuple[ModelKey, bytes]]:
    """Yield each model on a commit with the text of its manifest."""
    entries = repository.files(commit, ["models"])
    wanted = {
        path: key for path in entries if (key := model_of(path)) and path == key.manifest_path
    }
    blobs = repository.blobs(entries[path].object for path in wanted)
    yield from ((key, blobs[entries[path].object]) for path, key in wanted.items())


@dataclass(frozen=True, slots=True)
class Past:
    """What stood at places before: releases by path, newest first, and what cannot be read."""

    releases: Mapping[str, tuple[Release, ...]]
    unexamined: tuple[Unexamined, ...]


def earlier_releases(repository: Repository, commit: ObjectId, paths: Iterable[str]) -> Past:
    """Return what stood at each path of a release before; what cannot be read holds nothing up."""
    found = {path: formers_at(repository, commit, path)[1:] for path in paths}
    return Past(
        {path: tuple(o for o in past if isinstance(o, Release)) for path, past in found.items()},
        tuple(one for past in found.values() for one in past if isinstance(one, Unexamined)),
    )


def manifests_named(
    repository: Repository, releases: Iterable[Release]
) -> tuple[dict[ObjectId, PredictiveModel | GenerativeModel], tuple[Unexamined, ...]]:
    """Return the manifest that each release names, by its Git blob, and those that can't be read.

    Main may have had them years ago, where no change mends them any more.
    """
    found: dict[ObjectId, PredictiveModel | GenerativeModel] = {}
    unexamined: list[Unexamined] = []
    for blob, content in repository.blobs({one.manifest for one in releases}).items():
        try:
            found[blob] = read(MODEL, content, f"manifest {blob}")
        except InvalidDocument as error:
            unexamined.append(Unexamined(None, error.problems[0]))
    return found, tuple(unexamined)
