"""A folder of a work tree as the commit it would be, for judging it before any pull request.

Objects are written to the repository without any ref, so nothing but a later `git gc` sees them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.objects import EXECUTABLE, REGULAR, SYMBOLIC_LINK, Identity
from turnpike.git.repository import Repository


def draft_commit(
    repository: Repository,
    base: ObjectId,
    top: Path,
    folder: Path,
    author: Identity,
    when: datetime,
) -> ObjectId:
    """Return a commit on ``base`` in which a folder is as it is in the work tree.

    ``folder`` lies below ``top``, the work tree's root. Raises InputError where it does not,
    where it is empty or unreadable, and in a shallow clone.
    """
    repository.require_whole()
    top, folder = top.resolve(), folder.resolve()
    _require_below(top, folder)
    found = (folder, *sorted(folder.rglob("*")))
    _refuse_repositories(top, found)
    present = {path.relative_to(top).as_posix(): _held(path) for path in found if _counts(path)}
    if not present:
        raise InputError(
            f"{folder}: expected the files of a model, found none",
            code="check.empty",
            solution="`turnpike new TEAM/MODEL` writes a whole folder.",
        )
    prefix = folder.relative_to(top).as_posix()
    files: dict[str, bytes | None] = dict.fromkeys(repository.files(base, [prefix]))
    files |= {path: content for path, (_, content) in present.items()}
    modes = {path: mode for path, (mode, _) in present.items()}
    tree, new = repository.tree_with(base, files, modes)
    message = f"Draft of {prefix}\n"
    return repository.write_commit(tree, (base,), author, author, message, when, new=new)


def _require_below(top: Path, folder: Path) -> None:
    if not folder.is_relative_to(top):
        raise InputError(
            f"{folder}: expected a folder within {top}, found one outside",
            code="check.outside",
            solution="Run it in the clone that holds the folder.",
        )
    if folder == top:
        raise InputError(
            f"{folder}: expected a folder below the top of the clone, found the top itself",
            code="check.too-wide",
            solution="Name one model's folder: turnpike check models/TEAM/MODEL",
        )


def _refuse_repositories(top: Path, found: Iterable[Path]) -> None:
    """Raise InputError for a repository within: Git would hold a link to it, and none of its files.

    The folder's own ``.git`` is one as well, and so is what only some file systems read as one.
    """
    named = (path for path in found if ".git" in map(str.lower, path.relative_to(top).parts))
    inner = next(named, None)
    if inner is not None:
        raise InputError(
            f"{inner}: expected a folder without a Git repository of its own, found one",
            code="check.repository-within",
            solution="Move the repository out of the folder, or remove its .git.",
        )


def _counts(path: Path) -> bool:
    return (path.is_symlink() or path.is_file()) and "__pycache__" not in path.parts


def _held(path: Path) -> tuple[str, bytes]:
    """Return the mode and the bytes that Git would hold of a file; a link is not followed."""
    try:
        if path.is_symlink():
            return SYMBOLIC_LINK, os.fsencode(path.readlink())
        runs = path.stat().st_mode & stat.S_IXUSR
        return EXECUTABLE if runs else REGULAR, path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: expected a file that can be read, got: {error.strerror}",
            code="input.unreadable",
        ) from error
