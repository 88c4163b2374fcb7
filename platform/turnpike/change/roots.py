"""Read what Terraform's roots are made from, on both sides of a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.git.repository import Repository
from turnpike.judge.facts import LetIn, RootInputs
from turnpike.judge.hygiene import is_read
from turnpike.judge.layout import ORGANISATION_PATH, RootKey
from turnpike.judge.roots import (
    FOLDER,
    LOCK,
    Files,
    InputFile,
    digest_of_inputs,
    is_configuration,
    roots_in,
)

ReadLetIn = Callable[[Mapping[str, bytes]], tuple[LetIn, ...]]
"""Returns the groups that files of HCL let in at the registry's server; they are by path."""


def terraform_files(git: Repository, tree: str) -> Files:
    """Return the files below ``terraform/`` with the texts in which modules are named."""
    entries = git.files(tree, [FOLDER])
    read = {
        p: e.object for p, e in entries.items() if is_configuration(p) and is_read(e.mode, e.size)
    }
    contents = git.blobs(read.values())
    return {
        path: InputFile(
            entry.mode,
            entry.object,
            contents[read[path]].decode("utf-8", "replace") if path in read else "",
        )
        for path, entry in entries.items()
    }


def changed_roots(git: Repository, before: ObjectId, after: ObjectId) -> tuple[RootInputs, ...]:
    """Return the roots whose inputs differ between two trees, sorted."""
    old, new = terraform_files(git, before), terraform_files(git, after)
    found = []
    for root in sorted({*roots_in(old), *roots_in(new)}):
        was, is_now = digest_of_inputs(root, old), digest_of_inputs(root, new)
        if was != is_now:
            lock = lock_of(git, root, new if is_now else old)
            found.append(RootInputs(path=str(root), before=was, after=is_now, lock=lock))
    return tuple(found)


def let_in(
    git: Repository, after: ObjectId | None, paths: Iterable[str], read: ReadLetIn
) -> tuple[LetIn, ...]:
    """Return whom the roots of a tree let in, where changed paths are about who that may be."""
    if after is None or ORGANISATION_PATH not in paths:
        return ()
    said = terraform_files(git, after)
    named = {path: file.text.encode() for path, file in said.items() if "sign_on" in file.text}
    return read(named)


def lock_of(git: Repository, root: RootKey, files: Files) -> Digest | None:
    """Return the digest of a root's provider lock; None without one."""
    entry = files.get(f"{root}/{LOCK}")
    return digest_of(git.blobs([entry.object])[entry.object]) if entry else None
