"""One merge of two commits, carried out on objects alone; the rules stand in ``merging.py``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git import listings
from turnpike.git.merging import clashes, folders_above, merge_paths
from turnpike.git.objects import TreeChange
from turnpike.git.pack import NewObject
from turnpike.git.process import Git
from turnpike.git.reading import ObjectReader, commit_of
from turnpike.git.trees import FileEdit

_LONG = 600.0
_LONGEST_PATH = 800


@dataclass(slots=True)
class CommitMerge:
    """A merge of ``theirs`` into ``ours``; ``new`` are the merged blobs, still to be written."""

    git: Git
    reader: ObjectReader
    ours: ObjectId
    theirs: ObjectId
    new: list[NewObject] = field(default_factory=list)

    def edits(self) -> tuple[dict[bytes, FileEdit | None], tuple[str, ...]]:
        """Return what to do to the tree of ours, and the paths that conflict."""
        start = self._start()
        ours, theirs = self._changes(start, self.ours), self._changes(start, self.theirs)
        merged = merge_paths(ours, theirs, self._merge_lines)
        added = [path for path, node in merged.edits.items() if node is not None]
        kinds = self._kinds(added)
        clashing = clashes(merged.edits, kinds, self._inside(added, kinds))
        conflicts = sorted({*merged.conflicts, *clashing})
        edits = {p: FileEdit(n[1], n[0]) if n else None for p, n in merged.edits.items()}
        return edits, tuple(path.decode("utf-8", "backslashreplace") for path in conflicts)

    def _start(self) -> ObjectId:
        """Return the best common ancestor; that of a commit and its own parent is the parent."""
        ((header, content),) = self.reader.contents([self.theirs])
        if self.ours in (self.theirs, *commit_of(header, content).parents):
            return self.ours
        arguments = ("merge-base", "--all", self.ours, self.theirs)
        found = self.git.run(*arguments, accept=(0, 1)).out.decode().split()
        if len(found) != 1:
            said = f"{len(found)} best commits" if found else "no commit"
            raise InputError(
                f"{self.ours} and {self.theirs} cannot be merged: they have {said} in common.",
                solution="Start the branch anew from main: git switch -c my-change origin/main.",
                code="git.unmergeable",
            )
        return ObjectId(found[0])

    def _changes(self, old: ObjectId, new: ObjectId) -> tuple[TreeChange, ...]:
        if old == new:
            return ()
        answer = self.git.run("diff-tree", "-r", "-z", "--no-renames", old, new, seconds=_LONG)
        return listings.unsized_changes_in(answer.out)

    def _kinds(self, added: Iterable[bytes]) -> dict[bytes, str]:
        """Return the kinds of what stands in ours where something is added, or above it."""
        every = dict.fromkeys(p for path in added for p in (*folders_above(path), path))
        places = [place for place in every if _can_be_asked_for(place)]
        names = (f"{self.ours}:{os.fsdecode(place)}" for place in places)
        headers = zip(places, self.reader.headers(names), strict=True)
        return {place: header.kind for place, header in headers if header}

    def _inside(self, added: Iterable[bytes], kinds: dict[bytes, str]) -> dict[bytes, bytes]:
        """Return the files of ours below the added paths that are folders in ours."""
        folders = [path for path in added if kinds.get(path) == "tree"]
        return {file: folder for folder in folders for file in self._files_below(folder)}

    def _files_below(self, folder: bytes) -> list[bytes]:
        arguments = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", self.ours, "--")
        return self.git.run(*arguments, os.fsdecode(folder)).out.split(b"\0")[:-1]

    def _merge_lines(self, ours: ObjectId, old: ObjectId, theirs: ObjectId) -> ObjectId | None:
        files = [self.git.git_dir / name for name in ("ours", "old", "theirs")]
        contents = self.reader.contents((ours, old, theirs))
        for file, (_, content) in zip(files, contents, strict=True):
            file.write_bytes(content)
        answer = self.git.run("merge-file", "-p", "-q", *map(str, files), accept=tuple(range(256)))
        if answer.code:
            return None
        merged = NewObject("blob", answer.out)
        self.new.append(merged)
        return merged.id


def _can_be_asked_for(place: bytes) -> bool:
    """Tell whether main could hold the path at all: a judged tree has no such names."""
    return b"\n" not in place and len(place) <= _LONGEST_PATH
