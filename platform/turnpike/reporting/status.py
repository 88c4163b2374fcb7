"""Model by environment by target: version, digest, traffic, since when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.git.repository import Repository
from turnpike.judge.layout import DeploymentKey, ModelKey, deployment_of
from turnpike.manifest.release import Release, Rest


@dataclass(frozen=True, slots=True)
class Line:
    """One deployment as main says it: what is released there, and since which commit.

    ``rest`` serves what is left of the traffic beside it.
    """

    key: DeploymentKey
    version: str
    artifact: Digest
    traffic: int
    since: datetime
    commit: ObjectId
    rest: Rest | None = None


def status_lines(
    repository: Repository,
    commit: ObjectId,
    releases: Iterable[tuple[str, Release]],
    model: ModelKey | None = None,
) -> tuple[Line, ...]:
    """Return the deployments in the order of model, environment and target."""
    wanted = {
        key: release
        for path, release in releases
        if (key := deployment_of(path)) and model in (None, key.model_key)
    }
    since = _since(repository, commit, frozenset(key.path("release.yaml") for key in wanted))
    lines = [
        Line(
            key,
            release.version,
            release.artifact,
            release.traffic,
            moment,
            changed,
            release.rest,
        )
        for key, release in wanted.items()
        for changed, moment in [since[key.path("release.yaml")]]
    ]
    return tuple(sorted(lines, key=lambda line: (line.key.model_key, line.key)))


def _since(
    repository: Repository, tip: ObjectId, paths: frozenset[str]
) -> dict[str, tuple[ObjectId, datetime]]:
    """Walk main once, newest first, until the last change of every path is found."""
    found: dict[str, tuple[ObjectId, datetime]] = {}
    history = repository.first_parents(tip)
    for newer, older in zip(history, (*history[1:], None), strict=True):
        if len(found) == len(paths):
            break
        commit = repository.commit(newer)
        before = older or "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
        for change in repository.changes(before, commit.id):
            path = change.path.decode("utf-8", "replace")
            if path in paths and path not in found:
                found[path] = (commit.id, commit.committer.time)
    return found
