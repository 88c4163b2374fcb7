"""The identifiers that every room shares, as types that cannot be mixed up.

The patterns leave no two spellings of one name: lower case, no leading, trailing or double
hyphen. Slash-joined pairs (``team/model``) are therefore unambiguous.

Text for people may hold the letters of any language, so it decides nothing: names do. It holds no
character that hides or reorders others (Unicode TR36, section 3.2; CVE-2021-42574).
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, NewType

from pydantic import AfterValidator, StringConstraints

_NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_NAME_LENGTH = 40
_DIGEST = r"^sha256:[0-9a-f]{64}$"
_OBJECT_ID = r"^[0-9a-f]{40}$"
_LABEL = r"^[\x21-\x7e]+$"
_HIDING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_LINES = re.compile("[\t\n]")


def _visible(text: str) -> str:
    if found := _HIDING.search(text):
        raise ValueError(f"text without control or invisible characters (U+{ord(found[0]):04X})")
    return text


def _on_one_line(text: str) -> str:
    if _LINES.search(text):
        raise ValueError("text on one line, without tabs")
    return _visible(text)


Name = Annotated[str, StringConstraints(pattern=_NAME, max_length=_NAME_LENGTH)]
Digest = NewType("Digest", str)
ObjectId = NewType("ObjectId", str)
DigestText = Annotated[Digest, StringConstraints(pattern=_DIGEST)]
ObjectIdText = Annotated[ObjectId, StringConstraints(pattern=_OBJECT_ID)]
PlainText = Annotated[
    str, StringConstraints(min_length=1, max_length=4000), AfterValidator(_visible)
]
ShortText = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_on_one_line)
]
Label = Annotated[str, StringConstraints(pattern=_LABEL, max_length=200)]
"""What another system calls something: printable ASCII without spaces, so that it has no double."""


def is_name(text: str) -> bool:
    """Tell whether a text is a Name."""
    # `$` of Python's expressions would let a newline follow.
    return len(text) <= _NAME_LENGTH and re.fullmatch(_NAME.removesuffix("$"), text) is not None


def is_digest(text: str) -> bool:
    """Tell whether a text is a Digest."""
    return re.fullmatch(_DIGEST.removesuffix("$"), text) is not None


def digest_of(content: bytes) -> Digest:
    """Return ``sha256:<64 hex>`` of the bytes."""
    return Digest("sha256:" + hashlib.sha256(content).hexdigest())
