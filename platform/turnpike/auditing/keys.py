"""The role keys that a commit of main declares in ``policies/keys/``."""

from __future__ import annotations

import base64
import binascii

from turnpike.documents.identifiers import digest_of
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument, Problem
from turnpike.git.repository import Repository
from turnpike.topology.key import KEY, Key

FOLDER = "policies/keys"


def keys_at(repository: Repository, treeish: str) -> tuple[Key, ...]:
    """Return the keys in a commit or tree; raises InvalidDocument for a file that is no key."""
    names = (n for n in repository.names(treeish, FOLDER) if n.endswith(".yaml"))
    contents = repository.read_all(treeish, [f"{FOLDER}/{name}" for name in names])
    return tuple(_key(path, content) for path, content in contents.items())


def _key(path: str, content: bytes) -> Key:
    key = read(KEY, content, path)
    try:
        raw = base64.b64decode(key.public, validate=True)
    except binascii.Error:
        raw = b""
    if len(raw) != 32 or digest_of(raw) != key.id:
        found = f"{len(raw)} bytes with the digest {digest_of(raw)}"
        problem = Problem(path, 0, "public", f"32 bytes in base64 with the digest {key.id}", found)
        raise InvalidDocument((problem,))
    return key
