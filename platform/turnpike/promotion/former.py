"""What stood at a release's path before, and what of it today's schema cannot read."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import Problem
from turnpike.git.repository import Repository
from turnpike.manifest.release import Release, former_release


@dataclass(frozen=True, slots=True)
class Unexamined:
    """A document of main's past that cannot be read, so that nobody knows what it says.

    ``commit`` brought it; None for a manifest, which ``problem`` names by its Git blob.
    ``problem`` is the first thing that is wrong.
    """

    commit: ObjectId | None
    problem: Problem

    def __str__(self) -> str:
        """Say where it stands, what was expected and what was found, on one line."""
        return f"{self.problem} (commit {self.commit[:12]})" if self.commit else str(self.problem)

    def value(self) -> dict[str, JsonValue]:
        """Return it as plain JSON values."""
        return {
            "file": self.problem.file,
            "commit": self.commit,
            "line": self.problem.line,
            "field": self.problem.field,
            "expected": self.problem.expected,
            "found": self.problem.actual,
        }


Former = Release | Unexamined | None
"""What a commit left at a path; None where it removed what stood there."""


def formers_at(repository: Repository, commit: ObjectId, path: str) -> tuple[Former, ...]:
    """Return what each commit that changed a release's path left there, newest first.

    The first one is what stands there now.
    """
    history = repository.history_of(path, commit)
    blobs = repository.blobs(one.object for one in history if one.object)
    return tuple(
        _former(one.commit, path, blobs[one.object]) if one.object else None for one in history
    )


def _former(commit: ObjectId, path: str, content: bytes) -> Release | Unexamined:
    found = former_release(content, path)
    return found if isinstance(found, Release) else Unexamined(commit, found.problems[0])
