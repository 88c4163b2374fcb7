"""The identifiers that every room shares, as types that cannot be mixed up.

The patterns leave no two spellings of one name: lower case, no leading, trailing or double
hyphen. Slash-joined pairs (``team/model``) are therefore unambiguous.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, NewType

from pydantic import StringConstraints

_NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_DIGEST = r"^sha256:[0-9a-f]{64}$"
_OBJECT_ID = r"^[0-9a-f]{40}$"

Name = Annotated[str, StringConstraints(pattern=_NAME, max_length=40)]
Digest = NewType("Digest", str)
ObjectId = NewType("ObjectId", str)
DigestText = Annotated[Digest, StringConstraints(pattern=_DIGEST)]
ObjectIdText = Annotated[ObjectId, StringConstraints(pattern=_OBJECT_ID)]
PlainText = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def digest_of(content: bytes) -> Digest:
    """Return ``sha256:<64 hex>`` of the bytes."""
    return Digest("sha256:" + hashlib.sha256(content).hexdigest())
