"""Tree objects edited without an index: only the folders on the way to a change are read.

Source: git's tree object format: ``<mode> <name> NUL <20 bytes of id>``, sorted by name as if a
folder's name ended with a slash.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, IntegrityError
from turnpike.git.objects import EMPTY_TREE, REGULAR
from turnpike.git.pack import NewObject

_FOLDER = b"40000"
_Node = tuple[bytes, ObjectId]


def parse_tree(content: bytes) -> dict[bytes, _Node]:
    """Return the entries of a tree object: mode and id by name."""
    entries: dict[bytes, _Node] = {}
    position = 0
    while position < len(content):
        end = content.find(b"\0", position)
        if end < 0 or end + 21 > len(content):
            raise IntegrityError(
                f"A tree object is cut short after {len(entries)} entries.",
                solution="Nothing honest writes such a tree: write it again with git.",
                code="git.malformed-tree",
            )
        mode, _, name = content[position:end].partition(b" ")
        position = end + 21
        entries[name] = (mode, ObjectId(content[end + 1 : position].hex()))
    return entries


def tree_text(entries: Mapping[bytes, _Node]) -> bytes:
    """Return the bytes of a tree object."""
    ordered = sorted(entries.items(), key=lambda item: item[0] + b"/" * (item[1][0] == _FOLDER))
    return b"".join(b"%s %s\0" % (m, name) + bytes.fromhex(i) for name, (m, i) in ordered)


@dataclass(slots=True)
class _Edits:
    """The changes within one folder; a blob of None is a removal."""

    blobs: dict[bytes, NewObject | None] = field(default_factory=dict)
    folders: dict[bytes, _Edits] = field(default_factory=dict)


def edit_tree(
    base: ObjectId,
    changes: Mapping[str, bytes | None],
    read: Callable[[ObjectId], bytes],
) -> tuple[ObjectId, list[NewObject]]:
    """Return the tree with files written or removed (None), and the objects that this needs.

    A file keeps its mode, a new one is regular; a folder without files goes away. ``read`` returns
    the content of a tree object. Raises InputError for a path that git could not hold.
    """
    written: list[NewObject] = []
    root = _edit(base, _nested(changes), read, written)
    return root or EMPTY_TREE, written


def _nested(changes: Mapping[str, bytes | None]) -> _Edits:
    root = _Edits()
    for path, content in changes.items():
        *folders, name = _steps(path)
        place = root
        for folder in folders:
            place = place.folders.setdefault(folder, _Edits())
        place.blobs[name] = None if content is None else NewObject("blob", content)
    return root


def _steps(path: str) -> list[bytes]:
    steps = path.encode("utf-8", "surrogateescape").split(b"/")
    if any(
        step in {b"", b".", b".."} or b"\0" in step or step.lower() == b".git" for step in steps
    ):
        raise InputError(
            f"{path!r} is not a path within a repository.",
            solution="Use plain names joined by single slashes.",
        )
    return steps


def _edit(
    tree: ObjectId | None,
    edits: _Edits,
    read: Callable[[ObjectId], bytes],
    written: list[NewObject],
) -> ObjectId | None:
    entries = parse_tree(read(tree)) if tree and tree != EMPTY_TREE else {}
    for name, blob in edits.blobs.items():
        if blob is None:
            entries.pop(name, None)
            continue
        mode = entries[name][0] if name in entries else REGULAR.encode()
        entries[name] = (REGULAR.encode() if mode == _FOLDER else mode, blob.id)
        written.append(blob)
    for name, inner in edits.folders.items():
        _replace_folder(entries, name, inner, read, written)
    if not entries:
        return None
    changed = NewObject("tree", tree_text(entries))
    written.append(changed)
    return changed.id


def _replace_folder(
    entries: dict[bytes, _Node],
    name: bytes,
    edits: _Edits,
    read: Callable[[ObjectId], bytes],
    written: list[NewObject],
) -> None:
    mode, old = entries.pop(name, (_FOLDER, None))
    new = _edit(old if mode == _FOLDER else None, edits, read, written)
    if new is not None:
        entries[name] = (_FOLDER, new)
