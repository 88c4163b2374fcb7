"""What every hosted forge does over Git: branches, statements, main and the record."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.forge.atomic_push import Move
from turnpike.forge.hosted import Looks, Pull, branch_of
from turnpike.forge.interface import Landing, Opening, Report, StatusState, require_title
from turnpike.forge.refs import RECORD
from turnpike.forge.remote_git import RemoteGit


class OverGit(ABC):
    """The half of an adapter that is the same at every host, beside what its API does.

    ``repository`` is its name at the host, and ``git`` reaches it; the host's own protection says
    who may move main and the record. What Git was given, the host's API shows a moment later.
    """

    __slots__ = ()
    repository: str
    git: RemoteGit
    looks: Looks

    def open(self, opening: Opening) -> int:
        """Push the commit to its branch, and ask for its merge into main."""
        opening.require_title()
        self.git.require_ahead(opening.head)
        branch = branch_of(opening)
        self.git.put(branch, opening.head)
        self.looks.until(lambda: self._branch_at(branch) == opening.head)
        return self._ask_for_merge(opening, branch)

    def push(self, number: int, head: ObjectId, title: str | None = None) -> None:
        """Move an open pull request to a new commit; the same commit again is nothing.

        The title goes first: who is killed in between has left the old commit, and begins anew.
        """
        pull = self._pull(number)
        pull.require_open()
        moves = pull.head != head
        if moves:
            pull.require_source(self.repository)
            self.git.require_ahead(head)
        if title is not None and title != pull.title:
            require_title(title)
            self._rename(number, title)
        if moves:
            self.git.push(Move(f"refs/heads/{pull.branch}", head, pull.head))
            self.looks.until(lambda: self._pull(number).head == head)

    def report(self, number: int, report: Report) -> None:
        """Write this account's one comment and the status of the commit that it is about."""
        self.comment(number, report.comment)
        self.status(report.commit, report.state, report.description)

    def attach(self, number: int, *envelopes: Envelope) -> None:
        """Let signed statements travel with a pull request; a second time is nothing."""
        self._pull(number)
        self.git.attach(number, envelopes)

    def attachments(self, number: int) -> tuple[Envelope, ...]:
        """Return the statements that travel with a pull request, by digest, unverified."""
        self._pull(number)
        return self.git.attachments(number)

    def observe(self, *envelopes: Envelope) -> None:
        """Publish signed observations instead of those that they replace; again is nothing."""
        self.git.observe(envelopes)

    def observations(self, artifacts: Iterable[Digest]) -> tuple[Envelope, ...]:
        """Return the observations of artifacts, by digest, unverified."""
        return self.git.observations(artifacts)

    def land(self, number: int, landing: Landing) -> None:
        """Move main and the record together, each leased; the pull request shows as merged."""
        self.git.land(landing)
        self.mark_merged(number, landing.merge)

    def push_record(self, commit: ObjectId, expected_tip: ObjectId | None) -> None:
        """Append to the record, leased on its tip."""
        self.git.move(RECORD, commit, expected_tip)

    @abstractmethod
    def comment(self, number: int, body: str) -> None:
        """Write this account's one comment, or change its text."""

    @abstractmethod
    def status(self, commit: ObjectId, state: StatusState, description: str) -> None:
        """Report how a commit stands."""

    @abstractmethod
    def mark_merged(self, number: int, commit: ObjectId) -> None:
        """Wait until the host shows a pull request as merged; a second time is nothing."""

    @abstractmethod
    def _pull(self, number: int) -> Pull:
        """Return a pull request; raises InputError for one that does not exist."""

    @abstractmethod
    def _ask_for_merge(self, opening: Opening, branch: str) -> int:
        """Open a pull request of a branch that is there; return its number."""

    @abstractmethod
    def _rename(self, number: int, title: str) -> None:
        """Give a pull request another title."""

    @abstractmethod
    def _branch_at(self, branch: str) -> str | None:
        """Return the commit at which the API shows a branch; None where it shows none."""
