"""Read what Terraform's roots are made from, on both sides of a change."""

from __future__ import annotations

from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.git.repository import Repository
from turnpike.judge.facts import RootInputs
from turnpike.judge.hygiene import is_read
from turnpike.judge.layout import RootKey
from turnpike.judge.roots import (
    FOLDER,
    LOCK,
    Files,
    InputFile,
    digest_of_inputs,
    is_configuration,
    roots_in,
)


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


def lock_of(git: Repository, root: RootKey, files: Files) -> Digest | None:
    """Return the digest of a root's provider lock; None without one."""
    entry = files.get(f"{root}/{LOCK}")
    return digest_of(git.blobs([entry.object])[entry.object]) if entry else None
