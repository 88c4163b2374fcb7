"""Gitea as a Git host: its API v1 for what people say, Git itself for commits and evidence.

Source: Gitea's own API description (``/swagger.v1.json``), tried on 1.26. Who pushed a head is told
by the repository's activities, which only list a push that the host itself received.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Literal, get_args
from urllib.parse import quote

from pydantic import AwareDatetime, Field, JsonValue, TypeAdapter, ValidationError

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import InputError, RepositoryChanged, Unavailable
from turnpike.evidence.envelope import Envelope
from turnpike.forge.atomic_push import Move
from turnpike.forge.interface import (
    Opening,
    PullRequestState,
    ReviewState,
    StatusState,
    Summary,
)
from turnpike.forge.refs import MAIN, RECORD
from turnpike.forge.remote_git import RemoteGit
from turnpike.forge.web import NotThere, Seen, WebApi, parsed
from turnpike.judge.facts import PullRequest, Review

HOST = "gitea"
CONTEXT = "turnpike/gate"
LONGEST_TITLE = 200
_MARKER = "<!-- turnpike -->"
_MOST_ACTIVITIES = 200
_LOOKS = 50
_LOOK_EVERY_SECONDS = 0.1
_STATES: dict[str, ReviewState] = {
    "APPROVED": "approved",
    "REQUEST_CHANGES": "changes-requested",
}
_REPORTS: dict[str, StatusState] = {state: state for state in get_args(StatusState)}
_EVENTS: dict[ReviewState, str] = {
    "approved": "APPROVED",
    "changes-requested": "REQUEST_CHANGES",
}


class User(Seen):
    """An account."""

    login: str


class Branch(Seen):
    """Where one side of a pull request is."""

    ref: str
    sha: str


class Pull(Seen):
    """A pull request."""

    number: int
    title: str
    user: User
    head: Branch
    base: Branch
    state: Literal["open", "closed"]
    merged: bool
    merge_commit_sha: str | None = None


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


class Status(Seen):
    """One report on a commit."""

    id: int
    status: str
    context: str


class Activity(Seen):
    """Something that happened in the repository; ``content`` is JSON of its own for a push."""

    op_type: str
    act_user: User
    ref_name: str
    content: str


class Commit(Seen):
    """A commit as a push lists it."""

    sha: str = Field(alias="Sha1")


class Pushed(Seen):
    """What a push says of itself: the commit that the branch is at since then."""

    head: Commit = Field(alias="HeadCommit")


BRANCH: TypeAdapter[BranchTip] = TypeAdapter(BranchTip)
PULL: TypeAdapter[Pull] = TypeAdapter(Pull)
SAID: TypeAdapter[Said] = TypeAdapter(Said)
COMMENT: TypeAdapter[Comment] = TypeAdapter(Comment)
STATUS: TypeAdapter[Status] = TypeAdapter(Status)
ACTIVITY: TypeAdapter[Activity] = TypeAdapter(Activity)
PUSHED: TypeAdapter[Pushed] = TypeAdapter(Pushed)
USER: TypeAdapter[User] = TypeAdapter(User)
LIST: TypeAdapter[list[JsonValue]] = TypeAdapter(list[JsonValue])


@dataclass(frozen=True, slots=True)
class GiteaForge:
    """One repository of a Gitea, as the account of the token sees it.

    ``repository`` is ``OWNER/NAME``; ``git`` reaches the same repository by Git.
    """

    api: WebApi
    repository: str
    git: RemoteGit

    @property
    def name(self) -> str:
        """Return ``gitea``, the name of this host in organisation.yaml."""
        return HOST

    def open(self, opening: Opening) -> int:
        """Push the commit to its branch, and open a pull request for it."""
        _require_title(opening.title)
        self._require_ahead(opening.head)
        branch = opening.branch or f"change/{opening.head[:12]}"
        ref = f"refs/heads/{branch}"
        old = self.git.refs(ref).get(ref)
        if old != opening.head:
            self.git.push(Move(ref, opening.head, old))
        self._await(lambda: self._branch_at(branch) == opening.head)
        body: dict[str, JsonValue] = {
            "title": opening.title,
            "body": opening.body,
            "head": branch,
            "base": "main",
        }
        return parsed(PULL, self.api.send("POST", self._path("pulls"), body), "pulls").number

    def push(self, number: int, head: ObjectId) -> None:
        """Move an open pull request to a new commit; the same commit again is nothing."""
        pull = self._require_open(number)
        if pull.head.sha != head:
            self._require_ahead(head)
            old = ObjectId(pull.head.sha)
            self.git.push(Move(f"refs/heads/{pull.head.ref}", head, old))
            self._await(lambda: self._pull(number).head.sha == head)

    def pull_request(self, number: int) -> PullRequest:
        """Return what the host knows of a pull request, read now."""
        pull = self._pull(number)
        said = [review for one in self._reviews(number) if (review := _review(one))]
        members = {account: self._is_member(account) for account in {one.account for one in said}}
        reviews = [one.model_copy(update={"member": members[one.account]}) for one in said]
        return PullRequest(
            host=HOST,
            number=number,
            title=pull.title,
            author=pull.user.login,
            head=ObjectId(pull.head.sha),
            pushers=self._pushers(pull),
            reviews=tuple(_latest(reviews)),
        )

    def pull_requests(self) -> tuple[Summary, ...]:
        """Return all pull requests, by number."""
        found = self.api.pages(self._path("pulls"), state="all", sort="oldest")
        pulls = sorted((parsed(PULL, one, "pulls") for one in found), key=lambda one: one.number)
        return tuple(self._summary(pull) for pull in pulls)

    def review(self, number: int, state: ReviewState, commit: ObjectId) -> None:
        """Say what this account thinks of the head of a pull request, which must be the commit."""
        pull = self._require_open(number)
        if pull.head.sha != commit:
            raise InputError(
                f"Pull request {number}: expected a review of its head {pull.head.sha[:12]}, "
                f"got one of {commit[:12]}.",
                solution="See what is new in the pull request, then review that.",
                code="forge.stale-review",
            )
        if state == "dismissed":
            self._take_back(number)
            return
        body: dict[str, JsonValue] = {
            "event": _EVENTS[state],
            "body": "" if state == "approved" else "Changes are needed.",
            "commit_id": commit,
        }
        self.api.send("POST", self._path(f"pulls/{number}/reviews"), body)

    def comment(self, number: int, body: str) -> None:
        """Write this account's one comment, or change its text; the same text is nothing."""
        self._pull(number)
        text = f"{_MARKER}\n{body}"
        mine = self._comment_by(number, self._account())
        if mine is None:
            self.api.send("POST", self._path(f"issues/{number}/comments"), {"body": text})
        elif mine.body != text:
            self.api.send("PATCH", self._path(f"issues/comments/{mine.id}"), {"body": text})

    def comment_of(self, number: int, account: str) -> str:
        """Return the text of an account's one comment; empty where it has none."""
        found = self._comment_by(number, account)
        return found.body.removeprefix(f"{_MARKER}\n") if found else ""

    def status(self, commit: ObjectId, state: StatusState, description: str) -> None:
        """Report how a commit stands."""
        body: dict[str, JsonValue] = {
            "state": state,
            "context": CONTEXT,
            "description": description[:LONGEST_TITLE],
        }
        self.api.send("POST", self._path(f"statuses/{commit}"), body)

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

    def push_main(self, commit: ObjectId, expected_base: ObjectId) -> None:
        """Move main to a commit, leased on the base; the host's protection says who may."""
        if self.git.refs(MAIN).get(MAIN) != expected_base:
            raise RepositoryChanged(
                f"{MAIN}: expected {expected_base}, the host has another commit.",
                solution="Somebody else was faster: run the command again.",
            )
        self.git.move(MAIN, commit, expected_base)

    def push_record(self, commit: ObjectId, expected_tip: ObjectId | None) -> None:
        """Append to the record, leased on its tip; the host's protection says who may."""
        self.git.move(RECORD, commit, expected_tip)

    def mark_merged(self, number: int, commit: ObjectId) -> None:
        """Note by which commit a pull request was merged; a second time is nothing.

        Gitea soon sees by itself that main has the head; it is told where it does not.
        """
        if not self._await(lambda: self._pull(number).merged):
            body: dict[str, JsonValue] = {"Do": "manually-merged", "MergeCommitID": commit}
            self.api.send("POST", self._path(f"pulls/{number}/merge"), body)

    def close(self, number: int) -> None:
        """Close a pull request that will not be merged; a second time is nothing."""
        if self._pull(number).state == "open":
            self.api.send("PATCH", self._path(f"pulls/{number}"), {"state": "closed"})

    def _branch_at(self, branch: str) -> str | None:
        """Return where the API has a branch; it learns of a push a moment after it."""
        path = self._path(f"branches/{quote(branch, safe='')}")
        try:
            return parsed(BRANCH, self.api.get(path), "branches").commit.id
        except (NotThere, Unavailable):  # between the two Gitea answers with an error of its own
            return None

    def _await(self, is_seen: Callable[[], bool]) -> bool:
        """Wait until the API shows what Git was given already; tell whether it does."""
        return any(is_seen() or self._pause() for _ in range(_LOOKS))

    def _pause(self) -> bool:
        time.sleep(_LOOK_EVERY_SECONDS)
        return False

    def _path(self, rest: str) -> str:
        return f"/api/v1/repos/{self.repository}/{rest}"

    def _account(self) -> str:
        return parsed(USER, self.api.get("/api/v1/user"), "user").login

    def _pull(self, number: int) -> Pull:
        try:
            return parsed(PULL, self.api.get(self._path(f"pulls/{number}")), f"pulls/{number}")
        except NotThere as error:
            raise InputError(
                f"{self.repository} has no pull request {number}.",
                solution="List them with `turnpike pr list`.",
                code="forge.unknown-pull-request",
            ) from error

    def _require_open(self, number: int) -> Pull:
        pull = self._pull(number)
        if pull.state != "open":
            raise InputError(
                f"Pull request {number}: expected one that is open, it is {_state(pull)}.",
                solution="Open a new one.",
                code="forge.not-open",
            )
        return pull

    def _require_ahead(self, head: ObjectId) -> None:
        main = self.git.refs(MAIN).get(MAIN)
        if main is None:
            return
        if head == main or self.git.clone.is_ancestor(head, main):
            raise InputError(
                f"Expected a commit that main does not have, got {head[:12]}, which it has.",
                solution="Commit your change on a branch first.",
                code="forge.nothing-to-merge",
            )

    def _reviews(self, number: int) -> Iterator[Said]:
        for one in self.api.pages(self._path(f"pulls/{number}/reviews")):
            yield parsed(SAID, one, f"pulls/{number}/reviews")

    def _is_member(self, account: str) -> bool:
        """Tell whether an account belongs to the repository now, by itself or by its owner."""
        owner = self.repository.partition("/")[0]
        for path in (
            self._path(f"collaborators/{account}"),
            f"/api/v1/orgs/{owner}/members/{account}",
        ):
            with suppress(NotThere):
                self.api.get(path)
                return True
        return False

    def _take_back(self, number: int) -> None:
        """Delete what this account said: to dismiss a review is for administrators."""
        account = self._account()
        for one in tuple(self._reviews(number)):
            if one.user and one.user.login == account:
                self.api.send("DELETE", self._path(f"pulls/{number}/reviews/{one.id}"), {})

    def _pushers(self, pull: Pull) -> tuple[str, ...]:
        """Return all who moved the branch, in order; none where the head's pusher is not told.

        The activities follow a push after a moment, so a missing one is waited for.
        """
        pushes: list[Activity] = []

        def is_told() -> bool:
            pushes[:] = (one for one in self._activities() if _is_push(one, pull.head.ref))
            return any(_pushed(one) == pull.head.sha for one in pushes)

        if not self._await(is_told):
            return ()
        return tuple(dict.fromkeys(one.act_user.login for one in reversed(pushes)))

    def _activities(self) -> Iterator[Activity]:
        """Yield what happened in the repository, newest first, as far back as is looked."""
        seen = self.api.pages(self._path("activities/feeds"))
        for one in islice(seen, _MOST_ACTIVITIES):
            yield parsed(ACTIVITY, one, "activities/feeds")

    def _comment_by(self, number: int, account: str) -> Comment | None:
        """Return the account's comment that carries the marker, else its first one."""
        # All of them at once: this list has no pages.
        found = parsed(LIST, self.api.get(self._path(f"issues/{number}/comments")), "comments")
        mine = [c for one in found if (c := parsed(COMMENT, one, "comments")).user.login == account]
        marked = [comment for comment in mine if comment.body.startswith(_MARKER)]
        return next(iter(marked or mine), None)

    def _summary(self, pull: Pull) -> Summary:
        found = self.api.pages(self._path(f"commits/{pull.head.sha}/statuses"), sort="newest")
        reports = [parsed(STATUS, one, "statuses") for one in found]
        ours = [one for one in reports if one.context == CONTEXT]
        last = max(ours, key=lambda one: one.id, default=None)
        known = _REPORTS.get(last.status) if last else None
        head = ObjectId(pull.head.sha)
        return Summary(pull.number, pull.title, pull.user.login, head, _state(pull), known)


def _state(pull: Pull) -> PullRequestState:
    if pull.merged:
        return "merged"
    return "open" if pull.state == "open" else "closed"


def _review(said: Said) -> Review | None:
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


def _latest(reviews: list[Review]) -> Iterator[Review]:
    """Yield each account's last word on each commit, in the order of the accounts."""
    last: dict[tuple[str, str], Review] = {}
    for review in sorted(reviews, key=lambda one: one.at):
        last[review.account, review.commit] = review
    return (last[key] for key in sorted(last))


def _is_push(activity: Activity, branch: str) -> bool:
    names = (branch, f"refs/heads/{branch}")
    return activity.op_type == "commit_repo" and activity.ref_name in names


def _pushed(activity: Activity) -> str | None:
    """Return the commit to which a push moved its branch; None where it does not say."""
    try:
        return PUSHED.validate_python(json.loads(activity.content)).head.sha
    except (ValueError, ValidationError):
        return None


def _require_title(title: str) -> None:
    if not 1 <= len(title) <= LONGEST_TITLE or not title.isprintable():
        raise InputError(
            f"Expected a title of 1 to {LONGEST_TITLE} letters on one line, got {title[:80]!r}.",
            solution="Say in one line what the change does.",
            code="forge.title",
        )
