"""One version as MLflow keeps it, and when it counts as registered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError, Unavailable
from turnpike.registry.interface import DIGEST_TAG, RegisteredVersion
from turnpike.registry.store import verify_artifact

READY = "READY"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_VERSION = re.compile(r"[1-9][0-9]{0,8}")
_AGAIN = (
    "Start the registry or correct its address (`turnpike doctor` shows both), "
    "then run the same command again."
)


def registered(
    name: str, version: str, status: str, location: str, tags: Mapping[str, str]
) -> RegisteredVersion | None:
    """Return the version; None where it is not ready or has no digest, as a logged candidate."""
    digest = tags.get(DIGEST_TAG, "")
    if status != READY or not location or not _DIGEST.fullmatch(digest):
        return None
    return RegisteredVersion(name, version, Digest(digest), location, dict(tags))


def only_digest(version: RegisteredVersion) -> RegisteredVersion:
    """Return the version with no other tag than that of its digest."""
    return replace(version, tags={DIGEST_TAG: version.digest})


def is_version(text: str) -> bool:
    """Tell whether a text can be a version number of MLflow: 1, 2, ..."""
    return _VERSION.fullmatch(text) is not None


def unavailable(where: str, found: str, solution: str = _AGAIN) -> Unavailable:
    """Return the failure of a registry that did not answer as it must."""
    return Unavailable(
        f"registry {where}: expected an answer of MLflow, found {found}",
        code="registry.unavailable",
        solution=solution,
    )


def require_new(into: Path) -> None:
    """Raise InputError where the folder to fetch into exists already."""
    if into.exists():
        raise InputError(
            f"{into}: expected a folder that does not exist yet, found one",
            code="registry.folder-exists",
            solution="Fetch into a new folder, or remove this one.",
        )


def verified(folder: Path, version: RegisteredVersion) -> Path:
    """Return the fetched folder; raises IntegrityError where it is not the version's artifact."""
    verify_artifact(folder, version.digest)
    return folder
