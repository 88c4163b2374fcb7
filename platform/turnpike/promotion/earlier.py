"""Find the release that a rollback returns to."""

from __future__ import annotations

from collections.abc import Iterable

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.repository import Repository
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.rollback import is_way_back
from turnpike.manifest.release import Release
from turnpike.promotion.former import Former, Unexamined, formers_at
from turnpike.topology.rollout import WHOLE


def ever_released(repository: Repository, commit: ObjectId, key: DeploymentKey) -> bool:
    """Tell whether a release stood at a deployment's path, then or at any time before."""
    return bool(repository.history_of(key.path("release.yaml"), commit))


def earlier_release(
    repository: Repository, commit: ObjectId, key: DeploymentKey, version: str | None
) -> Release:
    """Return the newest earlier release at a deployment's path, of other bytes than stand there.

    What only ever had a share of the traffic is nothing to return to, nor is what was left by a
    rollback; what serves the rest beside what stands there is, whatever its bytes are. After a
    retirement nothing stands there, and the newest is the one that was retired. With ``version``
    the newest earlier one of that version. Raises InputError where there is none, and where one
    cannot be read that would come first: only whoever names a version goes past it.
    """
    formers = formers_at(repository, commit, key.path("release.yaml"))
    stands = next((one for one in formers[:1] if isinstance(one, Release)), None)
    released = tuple(one for one in formers if isinstance(one, Release))
    for former in formers:
        if isinstance(former, Unexamined) and version is None:
            raise _unreadable(key, former)
        if not isinstance(former, Release) or former.traffic != WHOLE:
            continue
        if version in {None, former.version} and _is_before(former, stands, released):
            return former
    raise _nothing_earlier(key, version, formers)


def _nothing_earlier(
    key: DeploymentKey, version: str | None, formers: tuple[Former, ...]
) -> InputError:
    versions = dict.fromkeys(one.version for one in formers if isinstance(one, Release))
    unread = "".join(f"; unreadable: {one}" for one in formers if isinstance(one, Unexamined))
    return InputError(
        f"{key}: expected an earlier release{f' of version {version}' if version else ''},"
        f" found versions: {', '.join(versions) or 'none'}{unread}",
        code="rollback.nothing-earlier",
        solution=f"`turnpike history {key.model_key}` shows what was released. What was rolled back"
        " from comes again as everything does: by `turnpike promote`.",
    )


def _unreadable(key: DeploymentKey, former: Unexamined) -> InputError:
    return InputError(
        f"{key}: the release before cannot be read: {former}",
        code="rollback.earlier-unreadable",
        solution=f"Name an older one: turnpike rollback {key.model_key} --in {key.environment}"
        " --version VERSION",
    )


def _is_before(release: Release, stands: Release | None, released: Iterable[Release]) -> bool:
    if stands is None or stands.rest == release.as_rest():
        return True
    return release.artifact != stands.artifact and is_way_back(release, stands, released)
