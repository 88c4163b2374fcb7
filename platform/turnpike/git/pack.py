"""New objects as one pack, so that one process writes a whole commit with all that it holds.

Source: gitformat-pack(5), sections "pack-*.pack files have the following format" and
"Object types"; only undeltified objects are written.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from turnpike.documents.identifiers import ObjectId

Kind = Literal["commit", "tree", "blob"]
_TYPES: dict[Kind, int] = {"commit": 1, "tree": 2, "blob": 3}


@dataclass(frozen=True, slots=True)
class NewObject:
    """An object that is still to be written."""

    kind: Kind
    content: bytes

    @property
    def id(self) -> ObjectId:
        """Return the name that git will give it."""
        return object_id(self.kind, self.content)


def object_id(kind: str, content: bytes) -> ObjectId:
    """Return the SHA-1 name of an object."""
    header = f"{kind} {len(content)}\0".encode()
    return ObjectId(hashlib.sha1(header + content, usedforsecurity=False).hexdigest())


def pack_of(objects: Sequence[NewObject]) -> bytes:
    """Return a pack, version 2, of the objects in the order given."""
    parts = [struct.pack(">4sLL", b"PACK", 2, len(objects))]
    for item in objects:
        parts += (_header(_TYPES[item.kind], len(item.content)), zlib.compress(item.content, 1))
    body = b"".join(parts)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def _header(kind: int, size: int) -> bytes:
    """Return type and size: 4 bits of size, then 7 a byte, the top bit telling that more follow."""
    current, size = (kind << 4) | (size & 0x0F), size >> 4
    header = bytearray()
    while size:
        header.append(current | 0x80)
        current, size = size & 0x7F, size >> 7
    header.append(current)
    return bytes(header)
