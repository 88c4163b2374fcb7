"""The names of the embedded host's refs, and how many and how large their objects may be.

Only the standard library: the hook imports this for every push.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

MAIN = "refs/heads/main"
RECORD = "refs/heads/turnpike/record"
OBSERVATIONS = "refs/turnpike/observations/"
PULLS = "refs/pull/*/head"
"""Where hosts keep the heads of pull requests."""
GITLAB_PULLS = "refs/merge-requests/*/head"
"""Where GitLab does."""
NOTHING = "0" * 40
"""How Git writes the object of a ref that does not exist."""

LARGEST_EVENT = 128 * 1024
LARGEST_EVIDENCE = 4 * 1024 * 1024
MOST_EVENTS = 1_000
MOST_EVIDENCE = 200
LARGEST_OBSERVATION = 16 * 1024
MOST_OBSERVATIONS = 200
"""For each artifact, in all places together; an unbroken stretch of time is one of them."""

Family = Literal[
    "main", "record", "branch", "head", "events", "evidence", "observations", "unknown"
]

_PULL = re.compile(r"refs/pull/([1-9][0-9]{0,8})/(?:(head)|(events|evidence)/([0-9a-f]{64}))")
_OBSERVATION = re.compile(re.escape(OBSERVATIONS) + r"([0-9a-f]{64})/([0-9a-f]{64})")
_BRANCH = re.compile(r"refs/heads/[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, slots=True)
class RefName:
    """A ref by what it is for; ``number`` is its pull request (0: none), ``digest`` its blob's.

    ``artifact`` is the SHA-256, in hex, of what an observation is about.
    """

    family: Family
    number: int = 0
    digest: str = ""
    artifact: str = ""


def parse_ref(name: str) -> RefName:
    """Return what a ref is for."""
    if name == MAIN:
        return RefName("main")
    if name == RECORD:
        return RefName("record")
    if pull := _PULL.fullmatch(name):
        number = int(pull[1])
        family: Family = "events" if pull[3] == "events" else "evidence"
        return RefName(family, number, pull[4]) if pull[3] else RefName("head", number)
    if seen := _OBSERVATION.fullmatch(name):
        return RefName("observations", digest=seen[2], artifact=seen[1])
    return RefName("branch" if _is_branch(name) else "unknown")


def head_ref(number: int) -> str:
    """Return the ref of a pull request's commit."""
    return f"refs/pull/{number}/head"


def event_ref(number: int, digest: str) -> str:
    """Return the ref of an event; the digest is the SHA-256 of its blob's content, in hex."""
    return f"refs/pull/{number}/events/{digest}"


def evidence_ref(number: int, digest: str) -> str:
    """Return the ref of an envelope; the digest is the SHA-256 of its blob's content, in hex."""
    return f"refs/pull/{number}/evidence/{digest}"


def observation_ref(artifact: str, digest: str) -> str:
    """Return the ref of an observation: the artifact's SHA-256, then its blob's, both in hex."""
    return f"{OBSERVATIONS}{artifact}/{digest}"


def _is_branch(name: str) -> bool:
    """Branches of people: any plain name that cannot be taken for main or for Turnpike's own."""
    folded = name.casefold()
    reserved = folded == MAIN or folded.startswith((MAIN + "/", "refs/heads/turnpike/"))
    return bool(_BRANCH.fullmatch(name)) and folded != "refs/heads/turnpike" and not reserved
