"""What is the same at every host other than the embedded one, before and after it is asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.forge.interface import Opening, PullRequestState
from turnpike.judge.facts import Review

CONTEXT = "turnpike/gate"
TARGET = "main"
MARKER = "<!-- turnpike -->"
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request; ``branch`` is where its head is, ``source`` in which repository.

    ``target`` is the branch that it asks to be merged into.
    """

    number: int
    title: str
    author: str
    head: ObjectId
    branch: str
    source: str
    state: PullRequestState
    target: str = TARGET

    def require_target(self) -> None:
        """Raise InputError for one that asks for another branch than main.

        Its host shows the difference from that branch, and main would get another one.
        """
        if self.target != TARGET:
            raise InputError(
                f"Pull request {self.number}: expected one into {TARGET}, it is into"
                f" {self.target[:80]!r}.",
                solution=f"Let its author aim it at {TARGET}, then review it anew.",
                code="forge.other-target",
            )

    def require_open(self) -> None:
        """Raise InputError for one that is closed or merged."""
        if self.state != "open":
            raise InputError(
                f"Pull request {self.number}: expected one that is open, it is {self.state}.",
                solution="Open a new one.",
                code="forge.not-open",
            )

    def require_head(self, commit: ObjectId) -> None:
        """Raise InputError for a review of what is not the head."""
        if self.head != commit:
            raise InputError(
                f"Pull request {self.number}: expected a review of its head {self.head[:12]}, "
                f"got one of {commit[:12]}.",
                solution="See what is new in the pull request, then review that.",
                code="forge.stale-review",
            )

    def require_source(self, repository: str) -> None:
        """Raise InputError for one whose branch is in another repository, such as a fork."""
        if self.source.casefold() != repository.casefold():
            raise InputError(
                f"Pull request {self.number}: expected its branch in {repository}, "
                f"found it in {self.source or 'a repository that is gone'}.",
                solution="Push to that repository yourself.",
                code="forge.other-repository",
            )


def unknown_pull_request(repository: str, number: int) -> InputError:
    """Return that there is no such pull request."""
    return InputError(
        f"{repository} has no pull request {number}.",
        solution="List them with `turnpike pr list`.",
        code="forge.unknown-pull-request",
    )


def branch_of(opening: Opening) -> str:
    """Return the branch on which a pull request's commit is put."""
    return opening.branch or f"change/{opening.head[:12]}"


def latest(reviews: Iterable[Review]) -> Iterator[Review]:
    """Yield each account's last word on each commit, in the order of the accounts."""
    last: dict[tuple[str, str], Review] = {}
    for review in sorted(reviews, key=lambda one: one.at):
        last[review.account, review.commit] = review
    return (last[key] for key in sorted(last))


def since(
    moment: datetime | None, reviews: Sequence[Review]
) -> tuple[tuple[Review, ...], tuple[str, ...]]:
    """Return the reviews without the approvals before a moment, and what is said of those.

    The moment is when the pull request was last aimed at another branch, None for never: whoever
    approved before was shown the difference from that one.
    """
    early = [r for r in reviews if moment and r.state == "approved" and r.at <= moment]
    kept = tuple(review for review in reviews if review not in early)
    return kept, tuple(
        f"approval by {review.account}: older than the change of the branch to merge into"
        for review in early
    )


@dataclass(frozen=True, slots=True)
class Looks:
    """How long one waits until a host's API shows what Git was given already.

    A minute, ever more seldom: what a host never shows must not use its rate limit up.
    """

    times: int = 27
    sleep: Callable[[float], None] = time.sleep

    def until(self, is_seen: Callable[[], bool]) -> bool:
        """Look again and again; tell whether it was seen."""
        return any(is_seen() or self._pause(number) for number in range(self.times))

    def _pause(self, number: int) -> bool:
        self.sleep(min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 1.5**number))
        return False
