"""Plan the genesis of an instance: what of the product it keeps, changes and adds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from turnpike.approvals.identity import contradictions
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import InputError, InvalidDocument
from turnpike.instance.organisation_file import with_ssh_keys
from turnpike.judge.layout import (
    CODEOWNERS_PATH,
    ORGANISATION_PATH,
    environment_of,
    is_access_file,
    key_path,
)
from turnpike.rendering.access_files import access_files
from turnpike.signing.keys import key_yaml
from turnpike.topology.key import Key
from turnpike.topology.organisation import ORGANISATION, Organisation

HOST = "embedded"
NEEDED = (CODEOWNERS_PATH, "platform/turnpike/__init__.py")
"""What a tree must hold to be the product."""


@dataclass(frozen=True, slots=True)
class GenesisPlan:
    """What the genesis changes in the product's tree (None removes a file), and why."""

    organisation: Organisation
    changes: Mapping[str, bytes | None]
    message: str


def plan_instance(
    product: ObjectId,
    files: Iterable[str],
    organisation: bytes,
    ssh_keys: Mapping[str, str],
    role_keys: Iterable[Key],
) -> GenesisPlan:
    """Return the plan of a genesis.

    ``product`` is the commit whose ``files`` are taken, ``organisation`` the bytes of its
    organisation.yaml or of a company's own, ``ssh_keys`` the public keys to add to it by the id of
    their person or bot, ``role_keys`` the public keys of the roles.

    Raises InputError where the files are not those of the product, or where somebody in the
    organisation could not sign a review; InvalidDocument where the organisation is malformed.
    """
    present = frozenset(files)
    _require_product(present)
    written = with_ssh_keys(organisation, ssh_keys)
    document = read(ORGANISATION, written, ORGANISATION_PATH)
    _require_consistent(document)
    _require_signers(document)
    changes: dict[str, bytes | None] = {path: None for path in present if _is_sample(path)}
    changes |= {key_path(key.name): key_yaml(key) for key in role_keys}
    changes[ORGANISATION_PATH] = written
    changes |= {path: None for path in present if is_access_file(path)}
    changes |= access_files(
        document, sorted({n for path in present if (n := environment_of(path))})
    )
    return GenesisPlan(document, changes, _message(document, product))


def _require_product(files: frozenset[str]) -> None:
    missing = [path for path in NEEDED if path not in files]
    if missing:
        raise InputError(
            f"The product's committed tree lacks {', '.join(missing)}.",
            solution="Name a clone of Turnpike whose HEAD holds its files.",
            code="instance.no-product",
        )


def _is_sample(path: str) -> bool:
    """Samples come by pull request, like any team's models, and so do their deployments."""
    steps = path.split("/")
    return (steps[0] == "models" and len(steps) > 3) or (
        steps[0] == "environments" and len(steps) > 5
    )


def _require_consistent(organisation: Organisation) -> None:
    problems = contradictions(organisation)
    if problems:
        raise InvalidDocument(problems)


def _require_signers(organisation: Organisation) -> None:
    people = organisation.people
    mute = [person.id for person in people if not person.ssh_keys or HOST not in person.accounts]
    if mute:
        raise InputError(
            f"{ORGANISATION_PATH}: expected an account on the host '{HOST}' and an SSH key for "
            f"everybody, found none for {', '.join(mute)}.",
            solution="Add accounts.embedded and sshKeys to each of them, or let `turnpike init "
            "--with-personas` make demonstration keys.",
            code="instance.no-ssh-key",
        )


def _message(organisation: Organisation, product: ObjectId) -> str:
    return (
        f"Genesis of {organisation.name}\n\n"
        "The organisation, its keys, its policies and its environments, before any change.\n\n"
        f"Turnpike-Product: {product}\n"
    )
