"""What stood at paths of a branch, commit by commit along its first parents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from turnpike.documents.identifiers import ObjectId
from turnpike.git import listings
from turnpike.git.objects import PathVersion
from turnpike.git.process import Git
from turnpike.git.reading import ObjectReader

_LONG = 600.0


def history_of(git: Git, reader: ObjectReader, tip: ObjectId, path: str) -> tuple[PathVersion, ...]:
    """Return what stood at a path after each first parent that changed it, newest first."""
    commits = _touching(git, tip, (path,))
    headers = reader.headers(f"{commit}:{path}" for commit in commits)
    return tuple(
        PathVersion(commit, header.id if header else None)
        for commit, header in zip(commits, headers, strict=True)
    )


def histories_of(
    git: Git, tip: ObjectId, folders: Iterable[str]
) -> dict[str, tuple[PathVersion, ...]]:
    """Return the history of every path that ever stood below some folders, from one walk.

    Bytes of a path that are no UTF-8 stand as surrogates (PEP 383).
    """
    prefixes = tuple(folders)
    commits = _touching(git, tip, prefixes) if prefixes else ()
    answer = git.run(
        "diff-tree", "--stdin", "-r", "-z", "--root", "--no-renames", "--always",
        "--diff-merges=first-parent", "--", *prefixes,
        stdin="".join(f"{commit}\n" for commit in commits).encode(), seconds=_LONG,
    )  # fmt: skip
    found: dict[str, list[PathVersion]] = defaultdict(list)
    for one in listings.changes_by_commit(answer.out):
        for change in one.changes:
            object_ = change.new.object if change.new else None
            path = change.path.decode("utf-8", "surrogateescape")
            found[path].append(PathVersion(one.commit, object_))
    return {path: tuple(versions) for path, versions in found.items()}


def _touching(git: Git, tip: ObjectId, paths: Iterable[str]) -> tuple[ObjectId, ...]:
    answer = git.run("rev-list", "--first-parent", tip, "--", *paths, seconds=_LONG)
    return tuple(map(ObjectId, answer.out.decode().split()))
