"""Where main and the record stand in a clone, or at the host itself."""

from __future__ import annotations

from dataclasses import dataclass

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.repository import Repository

MAIN = "main"
RECORD = "turnpike/record"


@dataclass(frozen=True, slots=True)
class Heads:
    """The newest commits of main and of the record."""

    main: ObjectId
    record: ObjectId


def heads_of(repository: Repository) -> Heads:
    """Return both heads: the clone's own branches, else those of its ``origin``.

    Raises InputError where one of them is missing.
    """
    return Heads(_head(repository, MAIN), _head(repository, RECORD))


def _head(repository: Repository, branch: str) -> ObjectId:
    for prefix in ("refs/heads/", "refs/remotes/origin/"):
        found = repository.refs.get(prefix + branch)
        if found is not None:
            return found
    raise InputError(
        f"Expected the branch {branch} in {repository.path}, found none.",
        solution="Fetch all branches: git fetch origin '+refs/heads/*:refs/remotes/origin/*'",
        code="git.no-branch",
    )
