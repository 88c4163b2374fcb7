"""The dialects by name, and where the file of a tree is."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache

from turnpike.approvals.gitea import Gitea
from turnpike.approvals.github import GitHub
from turnpike.approvals.gitlab import GitLab
from turnpike.approvals.interface import Dialect, DialectName, OwnersFile

DIALECTS: dict[DialectName, Dialect] = {
    "github": GitHub(),
    "gitlab": GitLab(),
    "gitea": Gitea(),
}

LOCATIONS = tuple(sorted({place for d in DIALECTS.values() for place in d.locations}))
"""Every path at which some host looks for CODEOWNERS."""


def location_in(dialect: Dialect, files: Container[str]) -> str | None:
    """Return the file that the dialect's host would read; None where there is none."""
    return next((place for place in dialect.locations if place in files), None)


@lru_cache(maxsize=8)
def parsed(dialect: DialectName, text: str) -> OwnersFile:
    """Return a file in a dialect; the same text is parsed once."""
    return DIALECTS[dialect].parse(text)
