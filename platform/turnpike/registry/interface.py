"""What every registry answers: which bytes stand behind a registered model's version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from turnpike.documents.identifiers import Digest

DIGEST_TAG = "turnpike.digest"
"""The tag of a version that holds its artifact's digest; a version without it does not count."""


@dataclass(frozen=True, slots=True)
class RegisteredVersion:
    """One version of a registered model; ``digest`` decides, all else is for finding it.

    ``location`` is the URI at which the registry keeps the artifact folder.
    """

    name: str
    version: str
    digest: Digest
    location: str
    tags: Mapping[str, str] = field(default_factory=dict)


class RegistryReader(Protocol):
    """A registry that can be asked; every method raises Unavailable where it gets no answer."""

    def find(self, name: str, version: str) -> RegisteredVersion | None:
        """Return a version; None where the registry answers that it has none with a digest."""

    def versions(self, name: str) -> tuple[RegisteredVersion, ...]:
        """Return all versions of a registered model, oldest first; an unknown model has none."""

    def fetch(self, version: RegisteredVersion, into: Path) -> Path:
        """Copy the artifact folder to ``into``, which must not exist yet, and return it.

        Raises IntegrityError where the bytes are not those of the version's digest.
        """


class RegistryCatalogue(RegistryReader, Protocol):
    """A registry that can be looked through as a whole."""

    def every_version(self) -> tuple[RegisteredVersion, ...]:
        """Return all versions of all models that have a digest, in one go, with no other tag."""

    def aliases(self) -> Mapping[str, Mapping[str, str]]:
        """Return the aliases of every registered model that has any: name to alias to version.

        An alias is for people to find a version by; nothing is decided by one.
        """


class Registry(RegistryCatalogue, Protocol):
    """A registry that also takes new versions."""

    def register(
        self, name: str, folder: Path, digest: Digest, tags: Mapping[str, str]
    ) -> RegisteredVersion:
        """Keep a copy of an artifact folder as a new version, and return that version.

        A version that already has this digest is returned as it is: no second one is made.
        """

    def set_alias(self, name: str, alias: str, version: str) -> None:
        """Let an alias of a registered model name that version, and no other any more."""

    def remove_alias(self, name: str, alias: str) -> None:
        """Take an alias away; one that is not there is no failure."""


def digests_in(registry: RegistryCatalogue) -> dict[tuple[str, str], Digest]:
    """Return the digest of every version, by the registered model's name and version."""
    return {(one.name, one.version): one.digest for one in registry.every_version()}
