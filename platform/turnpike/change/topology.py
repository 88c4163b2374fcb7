"""Who and where, read from a commit of main: organisation, owners, environments, keys."""

from __future__ import annotations

from turnpike.approvals.dialects import LOCATIONS
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import IntegrityError, InvalidDocument
from turnpike.git.repository import Repository
from turnpike.judge.layout import (
    CLOUDS_PATH,
    ORGANISATION_PATH,
    SCHEDULE_PATH,
    environment_of,
    is_key,
    settlement_of,
    stop_of,
    waiver_of,
)
from turnpike.topology.key import KEY, Key


def topology_blobs(repository: Repository, base: ObjectId) -> dict[str, ObjectId]:
    """Return the blobs of the files that say who and where, by path."""
    folders = repository.names(base, "environments")
    environments = [f"environments/{name}/environment.yaml" for name in folders]
    times = [
        SCHEDULE_PATH,
        CLOUDS_PATH,
        "environments/stops",
        "environments/debts",
        "policies/waivers",
    ]
    paths = [ORGANISATION_PATH, *LOCATIONS, "policies/keys", *environments, *times]
    listed = repository.files(base, paths)
    return {path: entry.object for path, entry in listed.items() if _is_topology(path)}


def keys_at(repository: Repository, base: ObjectId) -> tuple[Key, ...]:
    """Return the public keys, by id; raises IntegrityError where one can't be read."""
    entries = repository.files(base, ["policies/keys"])
    blobs = repository.blobs([e.object for p, e in entries.items() if is_key(p)])
    keys = (read(KEY, blobs[e.object], p) for p, e in sorted(entries.items()) if is_key(p))
    try:
        return tuple(sorted(keys, key=lambda key: key.id))
    except InvalidDocument as error:
        raise IntegrityError(error.message, code="base.unreadable") from error


def _is_topology(path: str) -> bool:
    fixed = path in {ORGANISATION_PATH, SCHEDULE_PATH, CLOUDS_PATH, *LOCATIONS}
    kinds = (environment_of, stop_of, settlement_of, waiver_of)
    return fixed or is_key(path) or any(name_of(path) for name_of in kinds)
