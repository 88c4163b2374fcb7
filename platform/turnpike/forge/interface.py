"""What Turnpike asks of a Git host; the same for the embedded one, Gitea, GitHub and GitLab."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import InputError
from turnpike.evidence.envelope import Envelope
from turnpike.forge.event import LONGEST_TITLE
from turnpike.judge.facts import PullRequest

ReviewState = Literal["approved", "changes-requested", "dismissed"]
StatusState = Literal["pending", "success", "failure", "error"]
PullRequestState = Literal["open", "merged", "closed"]

PROTECTED = ("main", "turnpike/record")
"""The branches that only the bot may move."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A pull request to be opened: the commit to be merged into main and what people read.

    ``branch`` is where hosts other than the embedded one look for the commit.
    """

    head: ObjectId
    title: str
    body: str = ""
    branch: str = ""

    def require_title(self) -> None:
        """Raise InputError for a title that is not one plain line."""
        require_title(self.title)


def require_title(title: str) -> None:
    """Raise InputError for a title of a pull request that is not one plain line."""
    if not title.strip() or len(title) > LONGEST_TITLE or not title.isprintable():
        raise InputError(
            f"Expected a title of 1 to {LONGEST_TITLE} letters on one line, got {title[:80]!r}.",
            solution="Say in one line what the change does.",
            code="forge.title",
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of a list of pull requests; ``status`` is null where nobody reported one."""

    number: int
    title: str
    author: str
    head: ObjectId
    state: PullRequestState
    status: StatusState | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One setting of a protected branch that does not lock it."""

    branch: str
    setting: str
    expected: str
    actual: str


class Lock(Protocol):
    """What keeps everybody but the bot from moving main and the record at a host."""

    def protect(self) -> None:
        """Lock both; raises CannotDecide where refused. Doing it again changes nothing.

        Needs a token of an administrator of the repository.
        """
        ...

    def problems(self) -> tuple[Problem, ...]:
        """Return every setting by which somebody else could move one of them."""
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """What the gate tells a pull request: a comment, and a commit's status in one line."""

    commit: ObjectId
    state: StatusState
    description: str
    comment: str


@dataclass(frozen=True, slots=True)
class Landing:
    """The merge of a pull request, to stand on main instead of ``base``.

    ``outcome`` is the record's commit that says so, to stand instead of ``tip``; None where the
    record stays as it is.
    """

    merge: ObjectId
    base: ObjectId
    outcome: ObjectId | None = None
    tip: ObjectId | None = None


class Forge(Protocol):
    """A Git host with one repository, used by one account.

    Everything raises Unavailable where the host does not answer as it must, and InputError for a
    pull request that does not exist. A status, a comment and a state are information for people:
    nothing that decides is read from them.
    """

    @property
    def name(self) -> str:
        """Return the host's name, by which organisation.yaml lists the accounts of people."""
        ...

    def account(self) -> str:
        """Return the account by which the host is used; raises InputError where it is nobody's."""
        ...

    def open(self, opening: Opening) -> int:
        """Open a pull request and return its number."""
        ...

    def push(self, number: int, head: ObjectId, title: str | None = None) -> None:
        """Move an open pull request to a new commit; reviews of the old one stay with it.

        ``title`` says what it carries from now on; None leaves the title as it is.
        """
        ...

    def pull_request(self, number: int) -> PullRequest:
        """Return what the host knows of a pull request, read now."""
        ...

    def head_of(self, number: int) -> ObjectId:
        """Return the head of a pull request, without waiting for what else is told of it."""
        ...

    def pull_requests(self) -> tuple[Summary, ...]:
        """Return all pull requests, by number."""
        ...

    def review(self, number: int, state: ReviewState, commit: ObjectId) -> None:
        """Say what this account thinks of the head of a pull request, which must be the commit."""
        ...

    def comment(self, number: int, body: str) -> None:
        """Write this account's one comment, or change its text."""
        ...

    def comment_of(self, number: int, account: str) -> str:
        """Return the text of an account's one comment; empty where it has none."""
        ...

    def status(self, commit: ObjectId, state: StatusState, description: str) -> None:
        """Report how a commit stands."""
        ...

    def report(self, number: int, report: Report) -> None:
        """Write this account's one comment and the status of the commit that it is about."""
        ...

    def attach(self, number: int, *envelopes: Envelope) -> None:
        """Let signed statements travel with a pull request, all or none; again is nothing."""
        ...

    def attachments(self, number: int) -> tuple[Envelope, ...]:
        """Return the statements that travel with a pull request, by digest, unverified."""
        ...

    def observe(self, *envelopes: Envelope) -> None:
        """Publish signed observations of artifacts, all or none; again is nothing.

        They belong to no pull request. One that says all that an older one of the same observer
        said takes its place. Raises RepositoryChanged where another process was faster.
        """
        ...

    def observations(self, artifacts: Iterable[Digest]) -> tuple[Envelope, ...]:
        """Return the observations of artifacts, by digest, unverified."""
        ...

    def land(self, number: int, landing: Landing) -> None:
        """Move main and the record together, both or none; the pull request shows as merged.

        Raises RepositoryChanged where either has moved, CannotDecide where the host refuses.
        """
        ...

    def push_record(self, commit: ObjectId, expected_tip: ObjectId | None) -> None:
        """Append a commit to the record, if it still is at the expected tip.

        Raises RepositoryChanged where it has moved, CannotDecide where the host refuses.
        """
        ...

    def mark_merged(self, number: int, commit: ObjectId) -> None:
        """Note by which commit of main a pull request was merged; a second time is nothing."""
        ...

    def close(self, number: int) -> None:
        """Close a pull request that will not be merged; a second time is nothing."""
        ...
