"""Gitea as a Git host: its API v1 for what people say, Git itself for commits and evidence.

Source: Gitea's own API description (``/swagger.v1.json``), tried on 1.26. Who pushed a head is told
by the repository's activities, which only list a push that the host itself received.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import get_args
from urllib.parse import quote

from pydantic import JsonValue

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, InputError, Unavailable
from turnpike.forge.answers import NotThere
from turnpike.forge.event import LONGEST_TITLE
from turnpike.forge.gitea_answers import (
    ACTIVITY,
    BRANCH,
    COMMENT,
    HAPPENING,
    LIST,
    PULL,
    SAID,
    STATUS,
    USER,
    Activity,
    Comment,
    Said,
    pushes_in,
    review_of,
)
from turnpike.forge.hosted import (
    CONTEXT,
    MARKER,
    TARGET,
    Looks,
    Pull,
    latest,
    since,
    unknown_pull_request,
)
from turnpike.forge.interface import Opening, ReviewState, StatusState, Summary
from turnpike.forge.over_git import OverGit
from turnpike.forge.pushes import Pushed, as_far_as_told, pushers_of
from turnpike.forge.refs import MAIN
from turnpike.forge.remote_git import RemoteGit
from turnpike.forge.web import WebApi, parsed
from turnpike.judge.facts import PullRequest

HOST = "gitea"
_MOST_ACTIVITIES = 2_000
_AIMED = "change_target_branch"
_REPORTS: dict[str, StatusState] = {state: state for state in get_args(StatusState)}
_EVENTS: dict[ReviewState, str] = {
    "approved": "APPROVED",
    "changes-requested": "REQUEST_CHANGES",
}


@dataclass(frozen=True, slots=True)
class GiteaForge(OverGit):
    """One repository of a Gitea, as the account of the token sees it.

    ``repository`` is ``OWNER/NAME``; ``git`` reaches the same repository by Git.
    """

    api: WebApi
    repository: str
    git: RemoteGit
    looks: Looks = field(default_factory=Looks)

    @property
    def name(self) -> str:
        """Return ``gitea``, the name of this host in organisation.yaml."""
        return HOST

    def pull_request(self, number: int) -> PullRequest:
        """Return what the host knows of a pull request, read now."""
        pull = self._pull(number)
        pull.require_target()
        said = [review for one in self._reviews(number) if (review := review_of(one))]
        members = {account: self._is_member(account) for account in {one.account for one in said}}
        known = [one.model_copy(update={"member": members[one.account]}) for one in said]
        reviews, early = since(self._aimed_anew(number), known)
        return PullRequest(
            host=HOST,
            number=number,
            title=pull.title,
            author=pull.author,
            head=pull.head,
            pushers=self._pushers(pull),
            reviews=tuple(latest(reviews)),
            unverified=early,
        )

    def pull_requests(self) -> tuple[Summary, ...]:
        """Return all pull requests into main, by number."""
        found = self.api.pages(self._path("pulls"), state="all", sort="oldest")
        every = (parsed(PULL, one, "pulls").plain() for one in found)
        seen = (one for one in every if one.target == TARGET)
        pulls = sorted(seen, key=lambda one: one.number)
        return tuple(self._summary(pull) for pull in pulls)

    def review(self, number: int, state: ReviewState, commit: ObjectId) -> None:
        """Say what this account thinks of the head of a pull request, which must be the commit."""
        pull = self._pull(number)
        pull.require_open()
        pull.require_target()
        pull.require_head(commit)
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
        text = f"{MARKER}\n{body}"
        mine = self._comment_by(number, self._account())
        if mine is None:
            self.api.send("POST", self._path(f"issues/{number}/comments"), {"body": text})
        elif mine.body != text:
            self.api.send("PATCH", self._path(f"issues/comments/{mine.id}"), {"body": text})

    def comment_of(self, number: int, account: str) -> str:
        """Return the text of an account's one comment; empty where it has none."""
        found = self._comment_by(number, account)
        return found.body.removeprefix(f"{MARKER}\n") if found else ""

    def status(self, commit: ObjectId, state: StatusState, description: str) -> None:
        """Report how a commit stands."""
        body: dict[str, JsonValue] = {
            "state": state,
            "context": CONTEXT,
            "description": description[:LONGEST_TITLE],
        }
        self.api.send("POST", self._path(f"statuses/{commit}"), body)

    def mark_merged(self, number: int, commit: ObjectId) -> None:
        """Note by which commit a pull request was merged; a second time is nothing.

        Gitea soon sees by itself that main has the head; it is told where it does not.
        """
        if not self.looks.until(lambda: self._pull(number).state == "merged"):
            body: dict[str, JsonValue] = {"Do": "manually-merged", "MergeCommitID": commit}
            self.api.send("POST", self._path(f"pulls/{number}/merge"), body)

    def close(self, number: int) -> None:
        """Close a pull request that will not be merged; a second time is nothing."""
        if self._pull(number).state == "open":
            self.api.send("PATCH", self._path(f"pulls/{number}"), {"state": "closed"})

    def _ask_for_merge(self, opening: Opening, branch: str) -> int:
        body: dict[str, JsonValue] = {
            "title": opening.title,
            "body": opening.body,
            "head": branch,
            "base": "main",
        }
        return parsed(PULL, self.api.send("POST", self._path("pulls"), body), "pulls").number

    def _branch_at(self, branch: str) -> str | None:
        """Return where the API has a branch; it learns of a push a moment after it."""
        path = self._path(f"branches/{quote(branch, safe='')}")
        try:
            return parsed(BRANCH, self.api.get(path), "branches").commit.id
        except (NotThere, Unavailable):  # between the two Gitea answers with an error of its own
            return None

    def _path(self, rest: str) -> str:
        return f"/api/v1/repos/{self.repository}/{rest}"

    def _account(self) -> str:
        return parsed(USER, self.api.get("/api/v1/user"), "user").login

    def _pull(self, number: int) -> Pull:
        try:
            found = self.api.get(self._path(f"pulls/{number}"))
        except NotThere as error:
            raise unknown_pull_request(self.repository, number) from error
        return parsed(PULL, found, f"pulls/{number}").plain()

    def _reviews(self, number: int) -> Iterator[Said]:
        for one in self.api.pages(self._path(f"pulls/{number}/reviews")):
            yield parsed(SAID, one, f"pulls/{number}/reviews")

    def _aimed_anew(self, number: int) -> datetime | None:
        """Return when it was last aimed at another branch; None for never."""
        seen = self.api.pages(self._path(f"issues/{number}/timeline"), null_ends=True)
        told = (parsed(HAPPENING, one, "timeline") for one in seen if one)
        return max((one.created_at for one in told if one.type == _AIMED), default=None)

    def _is_member(self, account: str) -> bool | None:
        """Tell whether an account belongs to the repository now, by itself or by its owner.

        None where Gitea does not say, as of an account that was deleted.
        """
        owner = self.repository.partition("/")[0]
        for path in (
            self._path(f"collaborators/{account}"),
            f"/api/v1/orgs/{owner}/members/{account}",
        ):
            try:
                self.api.get(path)
            except NotThere:
                continue
            except Unavailable:
                raise
            except CannotDecide:
                return None
            return True
        return False

    def _take_back(self, number: int) -> None:
        """Delete what this account said: to dismiss a review is for administrators."""
        account = self._account()
        for one in tuple(self._reviews(number)):
            if one.user and one.user.login == account:
                self.api.send("DELETE", self._path(f"pulls/{number}/reviews/{one.id}"), {})

    def _pushers(self, pull: Pull) -> tuple[str, ...]:
        """Return all who moved the branch, in order; none where that is not told to its end.

        The activities follow a push after a moment, so a missing one is waited for.
        """
        found: list[str] = []

        def is_told() -> bool:
            pushes = as_far_as_told(pushes_in(self._activities(pull), pull.branch))
            found[:] = pushers_of(pull.head, map(self._begun, pushes))
            return bool(found)

        self.looks.until(is_told)
        return tuple(found)

    def _begun(self, push: Pushed) -> Pushed:
        """Return a push as the branch's first where it begins at a commit that main has.

        Whatever main does not have was brought by it and by later ones.
        """
        clone = self.git.clone
        main = clone.refs.get(MAIN)
        try:
            before = push.before and clone.resolve(push.before)
        except InputError:  # no commit that is known here
            return push
        is_first = before and main and clone.is_ancestor(before, main)
        return replace(push, before=None) if is_first else push

    def _activities(self, pull: Pull) -> Iterator[Activity]:
        """Yield what happened in the repository that has the branch, newest first.

        Nothing where the bot may not see it, and only so far back: who is not told does not count.
        """
        if not pull.source:
            return
        seen = self.api.pages(f"/api/v1/repos/{pull.source}/activities/feeds")
        for one in islice(seen, _MOST_ACTIVITIES):
            yield parsed(ACTIVITY, one, "activities/feeds")

    def _comment_by(self, number: int, account: str) -> Comment | None:
        """Return the account's comment that carries the marker, else its first one."""
        # All of them at once: this list has no pages.
        found = parsed(LIST, self.api.get(self._path(f"issues/{number}/comments")), "comments")
        mine = [c for one in found if (c := parsed(COMMENT, one, "comments")).user.login == account]
        marked = [comment for comment in mine if comment.body.startswith(MARKER)]
        return next(iter(marked or mine), None)

    def _summary(self, pull: Pull) -> Summary:
        found = self.api.pages(self._path(f"commits/{pull.head}/statuses"), sort="newest")
        reports = [parsed(STATUS, one, "statuses") for one in found]
        ours = [one for one in reports if one.context == CONTEXT]
        last = max(ours, key=lambda one: one.id, default=None)
        known = _REPORTS.get(last.status) if last else None
        return Summary(pull.number, pull.title, pull.author, pull.head, pull.state, known)
