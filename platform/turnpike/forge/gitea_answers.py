"""What is read of Gitea's answers, and Gitea's words for what people say.

Source: Gitea's own API description (``/swagger.v1.json``), tried on 1.26.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue, TypeAdapter, ValidationError

from turnpike.documents.identifiers import ObjectId
from turnpike.forge.hosted import Pull
from turnpike.forge.interface import PullRequestState, ReviewState
from turnpike.forge.pushes import Pushed
from turnpike.forge.web import Seen
from turnpike.judge.facts import Review

_STATES: dict[str, ReviewState] = {
    "APPROVED": "approved",
    "REQUEST_CHANGES": "changes-requested",
}


class User(Seen):
    """An account."""

    login: str


class Home(Seen):
    """A repository."""

    full_name: str


class Branch(Seen):
    """Where one side of a pull request is; without ``repo`` where that was deleted."""

    ref: str
    sha: str
    repo: Home | None = None


class PullSeen(Seen):
    """A pull request."""

    number: int
    title: str
    user: User
    head: Branch
    base: Branch
    state: Literal["open", "closed"]
    merged: bool

    def plain(self) -> Pull:
        """Return it as every host's are."""
        state: PullRequestState = "merged" if self.merged else self.state
        source = self.head.repo.full_name if self.head.repo else ""
        head = ObjectId(self.head.sha)
        return Pull(
            self.number, self.title, self.user.login, head, self.head.ref, source, state,
            target=self.base.ref,
        )  # fmt: skip


class Tip(Seen):
    """The commit that a branch is at."""

    id: str


class BranchTip(Seen):
    """A branch of the repository."""

    commit: Tip


class Said(Seen):
    """A review; ``dismissed`` is what became of it, whatever it said."""

    id: int
    user: User | None
    state: str
    commit_id: str
    dismissed: bool
    submitted_at: AwareDatetime


class Comment(Seen):
    """A comment in the conversation of a pull request."""

    id: int
    user: User
    body: str


class Happening(Seen):
    """Something in the history of a pull request."""

    type: str
    created_at: AwareDatetime


class Status(Seen):
    """One report on a commit."""

    id: int
    status: str
    context: str


class Activity(Seen):
    """Something that happened in the repository; ``content`` is JSON of its own for a push."""

    id: int
    op_type: str
    act_user: User
    ref_name: str
    content: str


class Commit(Seen):
    """A commit as a push lists it."""

    sha: str = Field(alias="Sha1")


class PushSeen(Seen):
    """What a push says of itself: the commit that the branch is at since then, and from where.

    The latter is an address that ends in ``/OLD...NEW``.
    """

    head: Commit = Field(alias="HeadCommit")
    compared: str = Field(alias="CompareURL")


BRANCH: TypeAdapter[BranchTip] = TypeAdapter(BranchTip)
PULL: TypeAdapter[PullSeen] = TypeAdapter(PullSeen)
SAID: TypeAdapter[Said] = TypeAdapter(Said)
COMMENT: TypeAdapter[Comment] = TypeAdapter(Comment)
HAPPENING: TypeAdapter[Happening] = TypeAdapter(Happening)
STATUS: TypeAdapter[Status] = TypeAdapter(Status)
ACTIVITY: TypeAdapter[Activity] = TypeAdapter(Activity)
PUSHED: TypeAdapter[PushSeen] = TypeAdapter(PushSeen)
USER: TypeAdapter[User] = TypeAdapter(User)
LIST: TypeAdapter[list[JsonValue]] = TypeAdapter(list[JsonValue])


def review_of(said: Said) -> Review | None:
    """Return a review as the judge knows it; comments and requests say neither yes nor no."""
    state: ReviewState | None = "dismissed" if said.dismissed else _STATES.get(said.state)
    if state is None or said.user is None:
        return None
    return Review(
        account=said.user.login,
        state=state,
        commit=ObjectId(said.commit_id),
        at=said.submitted_at,
    )


def is_push(activity: Activity, branch: str) -> bool:
    """Tell whether it is a push to a branch."""
    names = (branch, f"refs/heads/{branch}")
    return activity.op_type == "commit_repo" and activity.ref_name in names


def pushes_in(activities: Iterable[Activity], branch: str) -> Iterator[Pushed]:
    """Yield the moves of a branch, newest first and each once.

    Gitea's own order leaves open which of one second is newer, and what happens between two pages
    moves some to the next page again. The making of a branch is told once more without content.
    """
    mine = {one.id: one for one in activities if is_push(one, branch) and one.content}
    for number in sorted(mine, reverse=True):
        yield _pushed(mine[number])


def _pushed(activity: Activity) -> Pushed:
    """Return who moved a branch from where to where; nobody where the host does not say it all.

    A branch that was made is told as moved from where the default branch was.
    """
    try:
        said = PUSHED.validate_python(json.loads(activity.content))
    except (ValueError, ValidationError):
        return Pushed(None, None, None)
    before = said.compared.rpartition("/")[2].partition("...")[0]
    return Pushed(activity.act_user.login if before else None, before or None, said.head.sha)
