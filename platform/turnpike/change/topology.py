"""Who and where, read from a commit of main: organisation, owners, environments."""

from __future__ import annotations

from turnpike.approvals.dialects import LOCATIONS
from turnpike.documents.identifiers import ObjectId
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


def _is_topology(path: str) -> bool:
    fixed = path in {ORGANISATION_PATH, SCHEDULE_PATH, CLOUDS_PATH, *LOCATIONS}
    kinds = (environment_of, stop_of, settlement_of, waiver_of)
    return fixed or is_key(path) or any(name_of(path) for name_of in kinds)
