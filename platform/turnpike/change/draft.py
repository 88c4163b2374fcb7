"""A folder of a work tree as the commit it would be, for judging it before any pull request.

Objects are written to the repository without any ref, so nothing but a later `git gc` sees them.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.objects import Identity
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

    ``folder`` lies below ``top``, the work tree's root. Raises InputError where it does not, or
    where it is empty.
    """
    top, folder = top.resolve(), folder.resolve()
    if not folder.is_relative_to(top):
        raise InputError(
            f"{folder}: expected a folder within {top}, found one outside",
            code="check.outside",
            solution="Run it in the clone that holds the folder.",
        )
    prefix = folder.relative_to(top).as_posix()
    present = {path: path.read_bytes() for path in sorted(folder.rglob("*")) if _counts(path)}
    if not present:
        raise InputError(
            f"{folder}: expected the files of a model, found none",
            code="check.empty",
            solution="`turnpike new TEAM/MODEL` writes a whole folder.",
        )
    files: dict[str, bytes | None] = dict.fromkeys(repository.files(base, [prefix]))
    files |= {p.relative_to(top).as_posix(): content for p, content in present.items()}
    tree = repository.write_tree_with(base, files)
    return repository.write_commit(tree, (base,), author, author, f"Draft of {prefix}\n", when)


def _counts(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts
