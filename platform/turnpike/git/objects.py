"""What a repository is made of, as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from turnpike.documents.identifiers import ObjectId

EMPTY_TREE = ObjectId("4b825dc642cb6eb9a060e54bf8d69288fbee4904")
REGULAR = "100644"
EXECUTABLE = "100755"
SYMBOLIC_LINK = "120000"


@dataclass(frozen=True, slots=True)
class Identity:
    """A name and an address, as somebody claims them in a commit; proof is another matter."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """An identity and the moment it claims; the time carries its offset."""

    name: str
    email: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A tree entry: mode in octal text, object and size in bytes (0 for what is no blob)."""

    mode: str
    object: ObjectId
    size: int


@dataclass(frozen=True, slots=True)
class TreeChange:
    """One path that differs between two trees; a path is bytes, whatever they spell."""

    path: bytes
    old: Entry | None
    new: Entry | None


@dataclass(frozen=True, slots=True)
class CommitChanges:
    """What one commit changed against its first parent, or against nothing where it is a root."""

    commit: ObjectId
    changes: tuple[TreeChange, ...]


@dataclass(frozen=True, slots=True)
class MergeResult:
    """The tree that a merge gives, or None and the paths that conflict."""

    tree: ObjectId | None
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PathVersion:
    """What stood at a path after a commit that changed it; None where the commit removed it."""

    commit: ObjectId
    object: ObjectId | None


@dataclass(frozen=True, slots=True)
class CommitObject:
    """A parsed commit.

    ``co_authors`` are the addresses of every Co-authored-by line, wherever it stands. ``trailers``
    are those of the last paragraph; a key that stands twice has both values, joined by a comma.
    ``signature`` is the armoured text; ``signed`` the bytes that it covers.
    """

    id: ObjectId
    tree: ObjectId
    parents: tuple[ObjectId, ...]
    author: Stamp
    committer: Stamp
    message: str
    co_authors: tuple[str, ...]
    trailers: Mapping[str, str]
    signature: str | None
    signed: bytes


def is_object_id(text: str) -> bool:
    """Tell whether a text is the whole id of an object (SHA-1), and no other name of it."""
    return len(text) == 40 and set(text) <= set("0123456789abcdef")
