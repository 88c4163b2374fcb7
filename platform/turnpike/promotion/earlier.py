"""Find the release that a rollback returns to."""

from __future__ import annotations

from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.git.repository import Repository
from turnpike.judge.layout import DeploymentKey
from turnpike.manifest.release import RELEASE, Release
from turnpike.topology.rollout import WHOLE


def ever_released(repository: Repository, commit: ObjectId, key: DeploymentKey) -> bool:
    """Tell whether a release stood at a deployment's path, then or at any time before."""
    return bool(repository.history_of(key.path("release.yaml"), commit))


def earlier_release(
    repository: Repository, commit: ObjectId, key: DeploymentKey, version: str | None
) -> Release:
    """Return the newest earlier release at a deployment's path, of other bytes than stand there.

    What only ever had a share of the traffic is nothing to return to; what serves the rest beside
    what stands there is, whatever its bytes are. After a retirement nothing stands there, and the
    newest is the one that was retired. With ``version`` the newest earlier one of that version.
    Raises InputError where there is none.
    """
    path = key.path("release.yaml")
    history = repository.history_of(path, commit)
    blobs = repository.blobs(one.object for one in history if one.object)
    releases = [read(RELEASE, blobs[one.object], path) for one in history if one.object]
    stands = releases[0] if history and history[0].object else None
    for release in releases:
        wanted = version is None or release.version == version
        if wanted and release.traffic == WHOLE and _is_other(release, stands):
            return release
    known = ", ".join(dict.fromkeys(release.version for release in releases)) or "none"
    raise InputError(
        f"{key}: expected an earlier release{f' of version {version}' if version else ''},"
        f" found versions: {known}",
        code="rollback.nothing-earlier",
        solution=f"`turnpike history {key.model_key}` shows what was released.",
    )


def _is_other(release: Release, stands: Release | None) -> bool:
    if stands is None or stands.rest == release.as_rest():
        return True
    return release.artifact != stands.artifact
