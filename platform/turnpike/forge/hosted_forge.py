"""What people say at a host, asked for and answered in the same way whichever host it is."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from turnpike.documents.identifiers import ObjectId
from turnpike.forge.hosted import MARKER, TARGET, Pull, latest, since
from turnpike.forge.interface import ReviewState, StatusState, Summary
from turnpike.forge.over_git import OverGit
from turnpike.forge.pushes import Pushed, as_far_as_told, pushers_of
from turnpike.judge.facts import PullRequest, Review


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on a pull request: its number at the host, and its text."""

    id: int
    body: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said of a pull request; ``unknown`` tells of approvals whose commit nobody knows."""

    reviews: Sequence[Review]
    unknown: tuple[str, ...] = ()


class HostedForge(OverGit):
    """An adapter of a host's API: a subclass asks and says, here is what becomes of it.

    ``host`` is the host's name in organisation.yaml, ``longest_comment`` in letters.
    """

    __slots__ = ()
    host: ClassVar[str]
    longest_comment: ClassVar[int | None] = None

    @property
    def name(self) -> str:
        """Return the name of this host in organisation.yaml."""
        return self.host

    def pull_request(self, number: int) -> PullRequest:
        """Return what the host knows of a pull request, read now."""
        pull = self._pull(number)
        pull.require_target()
        heard = self._heard(pull)
        reviews, early = since(self._aimed_anew(number), heard.reviews)
        return PullRequest(
            host=self.host,
            number=number,
            title=pull.title,
            author=pull.author,
            head=pull.head,
            pushers=self._pushers(pull),
            reviews=tuple(latest(reviews)),
            unverified=(*heard.unknown, *early),
        )

    def head_of(self, number: int) -> ObjectId:
        """Return the head of a pull request, without waiting until its pushes are told."""
        pull = self._pull(number)
        pull.require_target()
        return pull.head

    def pull_requests(self) -> tuple[Summary, ...]:
        """Return all pull requests into main, by number; open ones are asked for their status."""
        pulls = (pull for pull in self._pulls() if pull.target == TARGET)
        return tuple(self._summary(pull) for pull in sorted(pulls, key=lambda one: one.number))

    def review(self, number: int, state: ReviewState, commit: ObjectId) -> None:
        """Say what this account thinks of the head of a pull request, which must be the commit."""
        pull = self._pull(number)
        pull.require_open()
        pull.require_target()
        pull.require_head(commit)
        if state == "dismissed":
            self._take_back(number)
        else:
            self._say(pull, state)

    def comment(self, number: int, body: str) -> None:
        """Write this account's one comment, or change its text; the same text is nothing."""
        self._pull(number)
        text = f"{MARKER}\n{body}"[: self.longest_comment]
        mine = self._remark_by(number, self.account())
        if mine is None:
            self._remark(number, text)
        elif mine.body != text:
            self._rewrite(number, mine, text)

    def comment_of(self, number: int, account: str) -> str:
        """Return the text of an account's one comment; empty where it has none."""
        found = self._remark_by(number, account)
        return found.body.removeprefix(f"{MARKER}\n") if found else ""

    def close(self, number: int) -> None:
        """Close a pull request that will not be merged; a second time is nothing."""
        if self._pull(number).state == "open":
            self._close(number)

    def _remark_by(self, number: int, account: str) -> Remark | None:
        """Return the account's comment that carries the marker, else its first one."""
        mine = tuple(self._remarks_by(number, account))
        marked = [one for one in mine if one.body.startswith(MARKER)]
        return next(iter(marked or mine), None)

    def _summary(self, pull: Pull) -> Summary:
        status = self._status_of(pull.head) if pull.state == "open" else None
        return Summary(pull.number, pull.title, pull.author, pull.head, pull.state, status)

    def _pushers(self, pull: Pull) -> tuple[str, ...]:
        """Return all who moved the branch, in order; none where that is not told to its end.

        Hosts tell of a push a moment after it, so a missing one is waited for.
        """
        found: list[str] = []

        def is_told() -> bool:
            found[:] = pushers_of(pull.head, as_far_as_told(self._pushes(pull)))
            return bool(found)

        self.looks.until(is_told)
        return tuple(found)

    @abstractmethod
    def account(self) -> str:
        """Return the account of the token."""

    @abstractmethod
    def _pulls(self) -> Iterator[Pull]:
        """Yield all pull requests, in any order."""

    @abstractmethod
    def _heard(self, pull: Pull) -> Heard:
        """Return what people said of a pull request, and who of them is a member now."""

    @abstractmethod
    def _aimed_anew(self, number: int) -> datetime | None:
        """Return when it was last aimed at another branch; None for never."""

    @abstractmethod
    def _pushes(self, pull: Pull) -> Iterator[Pushed]:
        """Yield the moves of its branch, newest first, in the repository that has it."""

    @abstractmethod
    def _status_of(self, commit: ObjectId) -> StatusState | None:
        """Return the newest report of the gate."""

    @abstractmethod
    def _say(self, pull: Pull, state: ReviewState) -> None:
        """Approve the head, or ask for changes."""

    @abstractmethod
    def _take_back(self, number: int) -> None:
        """Let what this account said of a pull request no longer stand."""

    @abstractmethod
    def _remarks_by(self, number: int, account: str) -> Iterable[Remark]:
        """Return an account's comments on a pull request, oldest first."""

    @abstractmethod
    def _remark(self, number: int, text: str) -> None:
        """Write a comment."""

    @abstractmethod
    def _rewrite(self, number: int, remark: Remark, text: str) -> None:
        """Change the text of a comment."""

    @abstractmethod
    def _close(self, number: int) -> None:
        """Close a pull request that is open."""


def with_membership(
    reviews: Iterable[Review], is_member: Callable[[str], bool | None]
) -> tuple[Review, ...]:
    """Return reviews that say whether their accounts are members; each account is asked once."""
    said = tuple(reviews)
    members = {account: is_member(account) for account in {one.account for one in said}}
    return tuple(one.model_copy(update={"member": members[one.account]}) for one in said)
