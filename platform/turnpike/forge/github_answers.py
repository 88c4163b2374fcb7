"""GitHub's answers as typed values, and GitHub's words for what people say.

The arguments are githubkit's models, which have been held to GitHub's description already.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, TypeAdapter

from turnpike.documents.identifiers import ObjectId
from turnpike.forge.hosted import Pull
from turnpike.forge.interface import PullRequestState, ReviewState
from turnpike.forge.pushes import Pushed
from turnpike.forge.refs import NOTHING
from turnpike.forge.web import Seen
from turnpike.judge.facts import Review

if TYPE_CHECKING:
    from githubkit_schemas.v2026_03_10.models import (
        Activity,
        PullRequest,
        PullRequestReview,
        PullRequestSimple,
    )

_STATES: dict[str, ReviewState] = {
    "APPROVED": "approved",
    "CHANGES_REQUESTED": "changes-requested",
    "DISMISSED": "dismissed",
}


def pull_of(seen: PullRequest | PullRequestSimple) -> Pull:
    """Return a pull request; ``merged_at`` tells a merged one from a closed one."""
    state: PullRequestState = "open" if seen.state == "open" else "closed"
    return Pull(
        number=seen.number,
        title=seen.title,
        author=seen.user.login if seen.user else "",
        head=ObjectId(seen.head.sha),
        branch=seen.head.ref,
        source=seen.head.repo.full_name if seen.head.repo else "",
        state="merged" if seen.merged_at else state,
        target=seen.base.ref,
    )


class Happening(Seen):
    """Something in the history of a pull request."""

    event: str
    created_at: AwareDatetime

    @property
    def aimed_it_anew(self) -> bool:
        """Tell whether it asks for another branch since then, by somebody's hand or by itself."""
        return self.event in {"base_ref_changed", "automatic_base_change_succeeded"}


HAPPENINGS: TypeAdapter[list[Happening]] = TypeAdapter(list[Happening])


def reviews_of(seen: Iterable[PullRequestReview], head: ObjectId) -> tuple[Review, ...]:
    """Return the reviews that say something, those of accounts that still exist.

    One whose commit GitHub no longer knows approves nothing, but objects to the head.
    """
    return tuple(review for one in seen if (review := _review_of(one, head)))


def _review_of(seen: PullRequestReview, head: ObjectId) -> Review | None:
    state = _STATES.get(seen.state)
    commit = seen.commit_id or (head if state == "changes-requested" else None)
    if state is None or commit is None or seen.user is None or not seen.submitted_at:
        return None
    login = seen.user.login
    return Review(account=login, state=state, commit=ObjectId(commit), at=seen.submitted_at)


def push_of(seen: Activity) -> Pushed:
    """Return who moved a branch from where to where."""
    return Pushed(
        account=seen.actor.login if seen.actor else None,
        before=None if seen.before == NOTHING else seen.before,
        after=None if seen.after == NOTHING else seen.after,
    )
