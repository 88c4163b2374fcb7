"""The files that a change touches, as facts list them: paths as text, twins in another case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from turnpike.documents.identifiers import ObjectId
from turnpike.git.objects import Entry as TreeEntry
from turnpike.git.objects import TreeChange
from turnpike.git.repository import Repository
from turnpike.judge.facts import Change, Entry

_LONGEST_PATH = 800


def touched(
    repository: Repository, changes: Iterable[TreeChange], merged: ObjectId | None
) -> tuple[Change, ...]:
    """Return what changes touch, in their order; ``merged`` is the merge tree, if there is one."""
    twins = _Twins(repository, merged) if merged else None
    return tuple(_touched(one, twins.beside(one) if twins else None) for one in changes)


def path_of(change: TreeChange) -> str:
    """Return a path as text; bytes that are not UTF-8 are shown escaped (and refused later)."""
    return change.path.decode("utf-8", "backslashreplace")


def _touched(change: TreeChange, twin: str | None) -> Change:
    return Change(
        path=path_of(change),
        plain=_is_utf8(change.path),
        old=_entry(change.old) if change.old else None,
        new=_entry(change.new) if change.new else None,
        twin=twin,
    )


def _entry(entry: TreeEntry) -> Entry:
    return Entry(mode=entry.mode, object=entry.object, size=entry.size)


@dataclass(slots=True)
class _Twins:
    """The names in the folders of a merge tree, without their case; each folder is read once."""

    repository: Repository
    tree: ObjectId
    known: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def beside(self, change: TreeChange) -> str | None:
        """Return what the tree holds beside an added path under the same name, caseless."""
        if change.old or not _can_be_looked_up(change.path):
            return None
        folder = ""
        for step in path_of(change).split("/"):
            alike = self._names(folder).get(step.casefold(), ())
            twin = next((name for name in alike if name != step), None)
            if twin is not None:
                return f"{folder}{twin}"
            folder += f"{step}/"
        return None

    def _names(self, folder: str) -> dict[str, list[str]]:
        if folder not in self.known:
            alike = self.known.setdefault(folder, {})
            for name in self.repository.names(self.tree, folder.rstrip("/")):
                alike.setdefault(name.casefold(), []).append(name)
        return self.known[folder]


def _can_be_looked_up(path: bytes) -> bool:
    """Tell whether git can be asked for a path; the others are refused as not plain."""
    return _is_utf8(path) and b"\n" not in path and len(path) <= _LONGEST_PATH


def _is_utf8(path: bytes) -> bool:
    try:
        path.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
