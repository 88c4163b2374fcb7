"""The one front door to a repository: everything that Turnpike reads from it or writes to it."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import starmap
from pathlib import Path
from types import MappingProxyType, TracebackType

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git import history, listings
from turnpike.git.commit_merge import CommitMerge
from turnpike.git.commit_text import commit_text
from turnpike.git.files import write_files
from turnpike.git.location import locate
from turnpike.git.lookup import blobs_at
from turnpike.git.objects import (
    EMPTY_TREE,
    CommitChanges,
    CommitObject,
    Entry,
    Identity,
    MergeResult,
    PathVersion,
    TreeChange,
    is_object_id,
)
from turnpike.git.pack import NewObject, pack_of
from turnpike.git.process import SECONDS, Git, version
from turnpike.git.reading import LARGEST, Header, ObjectReader, commit_of
from turnpike.git.refs import Refs, unknown_revision
from turnpike.git.trees import FileEdit, edit_tree, parse_tree
from turnpike.git.view import create_view, git_of_objects, quarantine_in, remove_view

_LONG = 600.0


class Repository:
    """A repository, bare or with a work tree that is never looked at.

    Objects are read through an empty view (``view.py``), refs where they are. Usable with ``with``
    or without: what it holds open ends with it. ``transport`` are the variables with which remotes
    are reached (``GIT_SSH_COMMAND``, ``GIT_ASKPASS``); ``hook`` is a hook's environment.
    """

    def __init__(
        self,
        path: Path,
        *,
        transport: Mapping[str, str] | None = None,
        hook: Mapping[str, str] | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """Open the repository whose top folder is the path; raises InputError without one."""
        location = locate(path)
        view = create_view()
        self.path = path
        self.refs = Refs(Git(location.git_dir, transport or {}))
        self._location = location
        self._git = git_of_objects(view, location, quarantine_in(hook or {}, location.git_dir))
        self._reader = ObjectReader(self._git, seconds=seconds)
        self._closing = weakref.finalize(self, _close, self._reader, view)
        _open.add(self)

    @classmethod
    def create(cls, path: Path, *, branch: str = "main") -> Repository:
        """Create a bare repository without hooks or templates, and open it."""
        path.mkdir(parents=True, exist_ok=True)
        Git(path).run("init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}")
        return cls(path)

    def __enter__(self) -> Repository:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the lasting child and remove the view; a closed repository can't be used again."""
        self._closing()

    # --- what it is -------------------------------------------------------------------------

    def version(self) -> str:
        """Return the version of git."""
        return version(os.environ.get("PATH", os.defpath))

    def is_shallow(self) -> bool:
        """Tell whether history was cut off when this was cloned."""
        cut = self._location.common_dir / "shallow"
        return cut.exists() and cut.stat().st_size > 0

    def require_whole(self) -> None:
        """Raise InputError where history was cut off: what is missing can't be judged."""
        if self.is_shallow():
            raise InputError(
                f"Expected the whole history in {self.path}, found a shallow clone.",
                solution="git fetch --unshallow",
                code="git.shallow",
            )

    # --- commits ----------------------------------------------------------------------------

    def resolve(self, revision: str) -> ObjectId:
        """Return the commit that a revision names; raises InputError for an unknown one.

        Full names (``refs/heads/main``) are never ambiguous; short ones may be.
        """
        if not is_object_id(revision):
            return self.refs.resolve(revision)
        (header,) = self._reader.headers([revision])
        if header is not None and header.kind == "tag":
            (header,) = self._reader.headers([revision + "^{commit}"])
        if header is None or header.kind != "commit":
            raise unknown_revision(revision)
        return header.id

    def commit(self, revision: str) -> CommitObject:
        """Return a commit."""
        return self.commits([self.resolve(revision)])[0]

    def commits(self, ids: Iterable[ObjectId]) -> tuple[CommitObject, ...]:
        """Return commits by id, in order, all in one go."""
        return tuple(starmap(commit_of, self._reader.contents(ids)))

    def commits_between(
        self, base: str, head: str, most: int | None = None
    ) -> Iterator[CommitObject]:
        """Yield the commits that only the head has, oldest first; of many, the last ``most``."""
        self.require_whole()
        known, new = self.resolve(base), self.resolve(head)
        (only,) = self.commits([new])
        if only.parents == (known,):
            return iter((only,))  # most changes are one commit: no process is started for it
        limit = () if most is None else (f"--max-count={most}",)
        ids = self._listed("--topo-order", "--reverse", *limit, new, f"^{known}")
        return starmap(commit_of, self._reader.contents(ids))

    def first_parents(self, tip: str, since: ObjectId | None = None) -> tuple[ObjectId, ...]:
        """Return a commit and its first parents, newest first, down to but without ``since``."""
        self.require_whole()
        stop = (f"^{since}",) if since else ()
        return self._listed("--first-parent", self.resolve(tip), *stop)

    def is_ancestor(self, ancestor: ObjectId, descendant: ObjectId) -> bool:
        """Tell whether a commit is another's ancestor, or the other itself."""
        arguments = ("merge-base", "--is-ancestor", ancestor, descendant)
        return self._git.run(*arguments, accept=(0, 1)).code == 0

    def history_of(self, path: str, ref: str) -> tuple[PathVersion, ...]:
        """Return what stood at a path after each first parent that changed it, newest first."""
        self.require_whole()
        return history.history_of(self._git, self._reader, self.resolve(ref), path)

    def histories_of(self, folders: Iterable[str], ref: str) -> dict[str, tuple[PathVersion, ...]]:
        """Return the same for every path that ever stood below some folders, from one walk."""
        self.require_whole()
        return history.histories_of(self._git, self.resolve(ref), folders)

    def _listed(self, *arguments: str) -> tuple[ObjectId, ...]:
        answer = self._git.run("rev-list", *arguments, seconds=_LONG)
        return tuple(map(ObjectId, answer.out.decode().split()))

    # --- trees ------------------------------------------------------------------------------

    def tree_id(self, revision: str, path: str = "") -> ObjectId | None:
        """Return the tree of a commit, or of a folder in it; None where there is no such folder."""
        found = self._header_at(revision, path)
        return found.id if found and found.kind == "tree" else None

    def blob_id(self, revision: str, path: str) -> ObjectId | None:
        """Return the blob of a file in a commit or tree; None where there is no such file."""
        found = self._header_at(revision, path)
        return found.id if found and found.kind == "blob" else None

    def _header_at(self, revision: str, path: str) -> Header | None:
        return next(self._reader.headers([f"{self._treeish(revision)}:{path}"]))

    def _treeish(self, revision: str) -> ObjectId:
        return ObjectId(revision) if is_object_id(revision) else self.resolve(revision)

    def changes(self, old_tree: str, new_tree: str) -> tuple[TreeChange, ...]:
        """Return every path that differs between two trees or commits; a rename counts twice.

        Raises InputError where a tree calls a file what is none, or what is not here.
        """
        trees = (self._treeish(old_tree), self._treeish(new_tree))
        answer = self._git.run("diff-tree", "-r", "-z", "--no-renames", *trees, seconds=_LONG)
        return listings.changes_in(answer.out, self.sizes)

    def changes_along(self, commits: Iterable[ObjectId]) -> Iterator[CommitChanges]:
        """Yield what each commit changed against its parent; nothing is told of a merge."""
        wanted = tuple(commits)
        answer = self._git.run(
            "diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "--always",
            stdin="".join(f"{commit}\n" for commit in wanted).encode(), seconds=_LONG,
        )  # fmt: skip
        yield from listings.changes_by_commit(answer.out)

    def sizes(self, ids: Iterable[ObjectId]) -> dict[ObjectId, int]:
        """Return the size in bytes of each id that is a blob here; others are left out."""
        wanted = list(dict.fromkeys(ids))
        headers = zip(wanted, self._reader.headers(wanted), strict=True)
        return {i: header.size for i, header in headers if header and header.kind == "blob"}

    def files(self, treeish: str, prefixes: Iterable[str] = ()) -> dict[str, Entry]:
        """Return all files below the prefixes (folders or files; none: everything) by path.

        Bytes of a path that are no UTF-8 stand as surrogates (PEP 383).
        """
        answer = self._git.run(
            "ls-tree", "-r", "-z", "-l", "--full-tree", self._treeish(treeish), "--", *prefixes
        )
        return listings.files_in(answer.out)

    def paths(self, treeish: str, prefixes: Iterable[str]) -> tuple[str, ...]:
        """Return the paths of all files below the prefixes, in Git's order, without reading more.

        Bytes of a path that are no UTF-8 stand as surrogates (PEP 383).
        """
        arguments = ("ls-tree", "-r", "-z", "--name-only", "--full-tree", self._treeish(treeish))
        answer = self._git.run(*arguments, "--", *prefixes, seconds=_LONG)
        return tuple(answer.out.decode("utf-8", "surrogateescape").split("\0")[:-1])

    def names(self, treeish: str, folder: str) -> tuple[str, ...]:
        """Return the names directly within a folder; none where there is no such folder."""
        tree = self.tree_id(treeish, folder)
        if tree is None:
            return ()
        names = parse_tree(self._content(tree))
        return tuple(name.decode("utf-8", "surrogateescape") for name in names)

    def blobs(self, ids: Iterable[ObjectId], *, largest: int = LARGEST) -> dict[ObjectId, bytes]:
        """Return the content of blobs by id; each is checked against its id."""
        found = self._reader.contents(dict.fromkeys(ids), largest=largest)
        return {header.id: content for header, content in found}

    def read(self, treeish: str, path: str) -> bytes | None:
        """Return the content of one file; None where there is no such file."""
        blob = self.blob_id(treeish, path)
        return self.blobs([blob])[blob] if blob else None

    def read_all(self, treeish: str, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the content of files by path, in one go; a missing one is left out."""
        ids = blobs_at(self._reader, self._treeish(treeish), list(paths))
        contents = self.blobs(ids.values())
        return {path: contents[blob] for path, blob in ids.items()}

    def merge_tree(self, base: str, head: str) -> MergeResult:
        """Merge the head into the base, without renames or attributes; writes only objects.

        Raises InputError for commits without one best common ancestor.
        """
        commits = (self.resolve(base), self.resolve(head))
        merge = CommitMerge(self._git, self._reader, *commits)
        edits, conflicts = merge.edits()
        if conflicts:
            return MergeResult(None, conflicts)
        ours, theirs = (one.tree for one in self.commits(commits))
        tree, trees = edit_tree(ours, edits, self._content)
        if tree != theirs:  # which stands here already
            self.write([*merge.new, *trees])
        return MergeResult(tree, ())

    def materialise(
        self, treeish: str, prefixes: Iterable[str], folder: Path, *, largest: int = LARGEST
    ) -> tuple[str, ...]:
        """Write the files below the prefixes into a folder, byte for byte, and return their paths.

        No filter, attribute or line ending is applied. Raises InputError for anything but regular
        files with plain paths; the folder may then hold some of the files.
        """
        entries = self.files(treeish, prefixes)
        ids = (entry.object for entry in entries.values())
        contents = (content for _, content in self._reader.contents(ids, largest=largest))
        write_files(folder, entries, contents)
        return tuple(entries)

    # --- writing ----------------------------------------------------------------------------

    def write(self, objects: Iterable[NewObject]) -> None:
        """Write objects, in order, in one process."""
        new = list(objects)
        if new:
            self._git.run("unpack-objects", "-q", stdin=pack_of(new))

    def write_blob(self, content: bytes) -> ObjectId:
        """Write a blob and return its id."""
        blob = NewObject("blob", content)
        self.write([blob])
        return blob.id

    def write_tree_with(
        self,
        base_tree: str,
        changes: Mapping[str, bytes | None],
        modes: Mapping[str, str] = MappingProxyType({}),
    ) -> ObjectId:
        """Write a tree with files written or removed (None) and return its id.

        Files are of the mode in ``modes``; without one an old file keeps its own.
        """
        tree, new = self.tree_with(base_tree, changes, modes)
        self.write(new)
        return tree

    def tree_with(
        self,
        base_tree: str,
        changes: Mapping[str, bytes | None],
        modes: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[ObjectId, list[NewObject]]:
        """Return what ``write_tree_with`` would write, to be written with more in one go."""
        base = EMPTY_TREE if base_tree == EMPTY_TREE else self.tree_id(base_tree)
        if base is None:
            raise unknown_revision(base_tree)
        blobs = {path: NewObject("blob", c) for path, c in changes.items() if c is not None}
        kept = {path: FileEdit(blob.id, modes.get(path)) for path, blob in blobs.items()}
        edits = {os.fsencode(path): kept.get(path) for path in changes}
        tree, trees = edit_tree(base, edits, self._content)
        return tree, [*blobs.values(), *trees]

    def _content(self, object_: ObjectId) -> bytes:
        ((_, content),) = self._reader.contents([object_])
        return content

    def write_commit(
        self,
        tree: ObjectId,
        parents: tuple[ObjectId, ...],
        author: Identity,
        committer: Identity,
        message: str,
        when: datetime,
        sign: Callable[[bytes], str] | None = None,
        *,
        new: Iterable[NewObject] = (),
    ) -> ObjectId:
        """Write a commit, with the objects in ``new`` before it, and return its id.

        ``sign`` gets the bytes to be signed and returns an armoured SSH signature in the
        namespace ``git``.
        """
        text = commit_text(tree, parents, author, committer, message, when)
        if sign is not None:
            signature = sign(text)
            text = commit_text(tree, parents, author, committer, message, when, signature)
        commit = NewObject("commit", text)
        self.write([*new, commit])
        return commit.id

    def update_ref(self, ref: str, new: ObjectId | None, old: ObjectId | None) -> None:
        """Compare and swap a ref; see ``Refs.update``."""
        self.refs.update(ref, new, old)

    def push(self, remote: str, refspec: str, lease: ObjectId | None) -> None:
        """Push with a lease; see ``Refs.push``."""
        self.refs.push(remote, refspec, lease)

    def fetch(self, remote: str, *refspecs: str) -> None:
        """Fetch refs; see ``Refs.fetch``."""
        self.refs.fetch(remote, *refspecs)

    # --- wholeness --------------------------------------------------------------------------

    def fsck(self, *heads: ObjectId) -> tuple[str, ...]:
        """Return what git finds broken among all objects, and missing behind the heads.

        Lines as git writes them, with ``(commit:path)`` after an object that the heads reach.
        """
        answer = self._git.run(
            "-c", "core.commitGraph=true",  # so that a damaged commit-graph file is found as well
            "fsck", "--full", "--name-objects", "--no-dangling", "--no-progress", *heads,
            seconds=_LONG, accept=tuple(range(256)),
        )  # fmt: skip
        said = [*answer.out.decode("utf-8", "replace").splitlines(), *answer.error.splitlines()]
        return tuple(line for line in said if not line.startswith(("notice: ", "warning in ")))


_open: weakref.WeakSet[Repository] = weakref.WeakSet()


def close_all() -> None:
    """Close all that are open: a process that is replaced by another runs nothing at its end."""
    for one in tuple(_open):
        one.close()


def _close(reader: ObjectReader, view: Path) -> None:
    reader.close()
    remove_view(view)
