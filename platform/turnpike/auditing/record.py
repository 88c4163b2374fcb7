"""Whether new commits of the record keep its rules and are signed by the gate."""

from __future__ import annotations

from datetime import datetime

from turnpike.auditing.commit import is_signed_commit
from turnpike.documents.identifiers import ObjectId
from turnpike.git.repository import Repository
from turnpike.record.check import check_append
from turnpike.topology.key import Key


def check_record(
    repository: Repository,
    old: ObjectId | None,
    new: ObjectId,
    keys: tuple[Key, ...],
    now: datetime | None = None,
) -> tuple[str, ...]:
    """Return what is wrong with moving the record from ``old`` (None: its start) to ``new``.

    ``keys`` are those of main's newest commit; see ``record.check.check_append``.
    """
    found = check_append(repository, old, new, keys, now)
    commits = repository.commits(repository.first_parents(new, old))
    unsigned = (commit.id for commit in commits if not is_signed_commit(commit, keys))
    return (
        *found,
        *(f"record commit {commit}: it is not signed by the gate" for commit in unsigned),
    )
