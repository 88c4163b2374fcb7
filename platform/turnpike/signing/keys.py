"""Role keys: made here, the private half for one process, the public half as a document."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from turnpike.documents.identifiers import digest_of
from turnpike.signing.private_file import write_private
from turnpike.topology.key import Key, Role


def private_file_of(folder: Path, name: str) -> Path:
    """Return where the private half of a named role key lies."""
    return folder / f"{name}.key"


def held_key(keys: Iterable[Key], role: Role, moment: datetime, folder: Path) -> Key | None:
    """Return the key that signs in a role; None where there is none.

    Of the valid ones it is the newest whose private half is in the folder.
    So a key that is added signs from the moment on in which main knows it, and the one before it
    stays valid for what it has signed.
    """
    held = (
        key
        for key in keys
        if key.role == role
        and key.is_valid_at(moment)
        and private_file_of(folder, key.name).exists()
    )
    return max(held, key=lambda key: (key.valid_from, key.name), default=None)


def create_key(
    role: Role, name: str, folder: Path, valid_from: datetime, valid_until: datetime
) -> Key:
    """Write a new private key (32 raw bytes in base64, mode 0600) and return its public document.

    Raises InputError where a key of that name exists.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    key = Key(
        api_version="turnpike.dev/v1",
        kind="Key",
        name=name,
        id=digest_of(public),
        role=role,
        public=base64.b64encode(public).decode(),
        valid_from=valid_from,
        valid_until=valid_until,
    )
    write_private(private_file_of(folder, name), base64.b64encode(private.private_bytes_raw()))
    return key


def key_yaml(key: Key) -> bytes:
    """Return the file of a public key, as it stands in ``policies/keys/``."""
    fields: dict[str, str | None] = key.model_dump(mode="json", by_alias=True)
    lines = (f'{name}: "{value}"\n' for name, value in fields.items() if value is not None)
    return "".join(lines).encode()
