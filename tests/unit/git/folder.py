"""A repository of a few files, for the tests of this room."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from turnpike.documents.identifiers import ObjectId
from turnpike.git.objects import EMPTY_TREE, Identity
from turnpike.git.repository import Repository

ANN = Identity("Ann", "ann@example.com")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MAIN = "refs/heads/main"


def commit_files(
    repository: Repository,
    files: dict[str, bytes | None],
    parent: ObjectId | None = None,
    message: str = "Change\n",
) -> ObjectId:
    tree = repository.write_tree_with(parent or EMPTY_TREE, files)
    parents = (parent,) if parent else ()
    return repository.write_commit(tree, parents, ANN, ANN, message, NOW)


def real_git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Run git as a person would, with that person's settings switched off."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Ann",
        "GIT_AUTHOR_EMAIL": "ann@example.com",
        "GIT_COMMITTER_NAME": "Ann",
        "GIT_COMMITTER_EMAIL": "ann@example.com",
        "GIT_ALLOW_PROTOCOL": "file",
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, input=stdin, check=True,
        capture_output=True, timeout=60,
    )  # fmt: skip
    return done.stdout.decode().strip()
