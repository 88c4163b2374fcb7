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
    """The changes within one folder; None is a removal, a mode of None keeps the one there was."""

    files: dict[bytes, FileEdit | None] = field(default_factory=dict)
    folders: dict[bytes, _Edits] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileEdit:
    """A file to be written: its object, and its mode where that is not to stay as it is."""

    object: ObjectId
    mode: str | None = None


def edit_tree(
    base: ObjectId,
    edits: Mapping[bytes, FileEdit | None],
    read: Callable[[ObjectId], bytes],
) -> tuple[ObjectId, list[NewObject]]:
    """Return the tree with files put in or removed (None), and the tree objects that this needs.

    A new file is regular unless its edit says otherwise; a folder without files goes away. ``read``
    returns the content of a tree object. Raises InputError for a path that git could not hold.
    """
    written: list[NewObject] = []
    root = _edit(base, _nested(edits), read, written)
    return root or EMPTY_TREE, written


def _nested(edits: Mapping[bytes, FileEdit | None]) -> _Edits:
    root = _Edits()
    for path, edit in edits.items():
        *folders, name = _steps(path)
        place = root
        for folder in folders:
            place = place.folders.setdefault(folder, _Edits())
        place.files[name] = edit
    return root


def _steps(path: bytes) -> list[bytes]:
    steps = path.split(b"/")
    if any(
        step in {b"", b".", b".."} or b"\0" in step or step.lower() == b".git" for step in steps
    ):
        raise InputError(
            f"{path.decode('utf-8', 'backslashreplace')!r} is not a path within a repository.",
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
    for name, file in edits.files.items():
        old = entries.pop(name, None)
        if file is not None:
            entries[name] = (_mode(file, old), file.object)
    for name, inner in edits.folders.items():
        _replace_folder(entries, name, inner, read, written)
    if not entries:
        return None
    changed = NewObject("tree", tree_text(entries))
    written.append(changed)
    return changed.id


def _mode(file: FileEdit, old: _Node | None) -> bytes:
    if file.mode is not None:
        return file.mode.encode()
    return REGULAR.encode() if old is None or old[0] == _FOLDER else old[0]


def _replace_folder(
    entries: dict[bytes, _Node],
    name: bytes,
    edits: _Edits,
    read: Callable[[ObjectId], bytes],
    written: list[NewObject],
) -> None:
    mode, old = entries.pop(name, (_FOLDER, None))
    if mode != _FOLDER and not _adds(edits):
        entries[name] = (mode, old or EMPTY_TREE)
        return
    new = _edit(old if mode == _FOLDER else None, edits, read, written)
    if new is not None:
        entries[name] = (_FOLDER, new)


def _adds(edits: _Edits) -> bool:
    inside = any(map(_adds, edits.folders.values()))
    return inside or any(file is not None for file in edits.files.values())
