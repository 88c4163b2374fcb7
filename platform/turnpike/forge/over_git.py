"""What every hosted forge does over Git: statements, observations, main and the record."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.forge.hosted import Pull
from turnpike.forge.interface import Landing, Report, StatusState
from turnpike.forge.refs import RECORD
from turnpike.forge.remote_git import RemoteGit


class OverGit(ABC):
    """The half of an adapter that is the same at every host, beside what its API does.

    ``git`` reaches the repository; the host's own protection says who may move main and the record.
    """

    __slots__ = ()
    git: RemoteGit

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
