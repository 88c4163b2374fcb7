"""Three-way merges of trees, path by path: no renames, no attributes, no drivers, no settings.

``git merge-tree`` can't be told to leave renames alone before Git 2.50, and a merge that is judged
must not depend on the version of git; so the trees are merged here, and git merges only the lines
of a file that both sides changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from turnpike.documents.identifiers import ObjectId
from turnpike.git.objects import EXECUTABLE, REGULAR, TreeChange

Node = tuple[str, ObjectId]
MergeLines = Callable[[ObjectId, ObjectId, ObjectId], ObjectId | None]
"""From the blobs (ours, before, theirs) to the merged blob; None where their lines conflict."""


@dataclass(frozen=True, slots=True)
class MergedPaths:
    """What our tree must take over (None: remove) for the merge, and the paths that conflict."""

    edits: dict[bytes, Node | None]
    conflicts: tuple[bytes, ...]


def merge_paths(
    ours: tuple[TreeChange, ...], theirs: tuple[TreeChange, ...], merge_lines: MergeLines
) -> MergedPaths:
    """Merge what both sides changed since the commit that they have in common."""
    mine = {change.path: change for change in ours}
    edits: dict[bytes, Node | None] = {}
    conflicts: list[bytes] = []
    for change in theirs:
        rival = mine.get(change.path)
        if rival is None:
            edits[change.path] = _node(change)
        elif rival.new != change.new and not _merge_both(rival, change, edits, merge_lines):
            conflicts.append(change.path)
    return MergedPaths(edits, tuple(conflicts))


def _merge_both(
    ours: TreeChange,
    theirs: TreeChange,
    edits: dict[bytes, Node | None],
    merge_lines: MergeLines,
) -> bool:
    old, mine, other = ours.old, ours.new, theirs.new
    if old is None or mine is None or other is None:
        return False
    if {old.mode, mine.mode, other.mode} - {REGULAR, EXECUTABLE}:
        return False
    blob = _merged_blob(mine.object, old.object, other.object, merge_lines)
    if blob is None:
        return False
    edits[theirs.path] = (other.mode if mine.mode == old.mode else mine.mode, blob)
    return True


def _merged_blob(
    mine: ObjectId, old: ObjectId, other: ObjectId, merge_lines: MergeLines
) -> ObjectId | None:
    if mine in {old, other}:
        return other
    return mine if other == old else merge_lines(mine, old, other)


def _node(change: TreeChange) -> Node | None:
    return (change.new.mode, change.new.object) if change.new else None


def folders_above(path: bytes) -> list[bytes]:
    """Return the folders of a path, the outermost first."""
    steps = path.split(b"/")
    return [b"/".join(steps[:count]) for count in range(1, len(steps))]


def clashes(
    edits: Mapping[bytes, Node | None], kinds: Mapping[bytes, str], inside: Mapping[bytes, bytes]
) -> tuple[bytes, ...]:
    """Return the added paths that would be file and folder at once.

    ``kinds`` is what stands in our tree at the added paths and the folders above them; ``inside``
    maps each file of ours below an added path to that path.
    """
    added = [path for path, node in edits.items() if node is not None]
    under_file = (
        path
        for path in added
        for folder in folders_above(path)
        if kinds.get(folder, "tree") != "tree" and edits.get(folder, ()) is not None
    )
    over_folder = (path for file, path in inside.items() if edits.get(file, ()) is not None)
    return tuple(dict.fromkeys((*under_file, *over_folder)))
