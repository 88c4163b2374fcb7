"""Find the release that a rollback returns to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

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


def ways_back(
    repository: Repository,
    commit: ObjectId,
    places: Iterable[DeploymentKey],
    version: str | None,
    *,
    named: bool = False,
) -> dict[DeploymentKey, Release]:
    """Return what the places of a model go back to, which ``named`` says were each asked for.

    Where they were not, and some are ahead of others, as in the middle of a rollout, those go back
    to where the others stand still. With a version, what stands at it already stays. Raises
    InputError as ``earlier_release`` does.
    """
    past = {place: formers_at(repository, commit, place.path("release.yaml")) for place in places}
    if version is not None:
        going = [place for place in past if not _stands_at(past[place], version)]
    else:
        going = [] if named else list(_ahead(past))
    return {place: _earlier_among(place, past[place], version) for place in going or past}


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
    return _earlier_among(key, formers_at(repository, commit, key.path("release.yaml")), version)


def _earlier_among(key: DeploymentKey, formers: tuple[Former, ...], version: str | None) -> Release:
    stands, released = _standing(formers), _released(formers)
    for former in formers:
        if isinstance(former, Unexamined) and version is None:
            raise _unreadable(key, former)
        if not isinstance(former, Release) or former.traffic != WHOLE:
            continue
        if version in {None, former.version} and _is_before(former, stands, released):
            return former
    raise _nothing_earlier(key, version, formers)


def _ahead(past: Mapping[DeploymentKey, tuple[Former, ...]]) -> Iterator[DeploymentKey]:
    """Yield the places whose way back leads to what another one of them has."""
    now = {place: one for place in past if (one := _standing(past[place]))}
    for place, stands in now.items():
        stood = _released(past[place])
        if any(is_way_back(other, stands, stood) for other in now.values()):
            yield place


def _standing(formers: tuple[Former, ...]) -> Release | None:
    return next((one for one in formers[:1] if isinstance(one, Release)), None)


def _stands_at(formers: tuple[Former, ...], version: str) -> bool:
    stands = _standing(formers)
    return stands is not None and (stands.version, stands.traffic) == (version, WHOLE)


def _released(formers: tuple[Former, ...]) -> tuple[Release, ...]:
    return tuple(one for one in formers if isinstance(one, Release))


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
        " from comes again where a person promotes it by its name: `turnpike promote`.",
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
