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
    Said,
    pushes_in,
    review_of,
)
from turnpike.forge.hosted import (
    CONTEXT,
    Looks,
    Pull,
    unknown_pull_request,
)
from turnpike.forge.hosted_forge import Heard, HostedForge, Remark, with_membership
from turnpike.forge.interface import Opening, ReviewState, StatusState
from turnpike.forge.pushes import Pushed
from turnpike.forge.refs import MAIN
from turnpike.forge.remote_git import RemoteGit
from turnpike.forge.web import WebApi, parsed

_MOST_ACTIVITIES = 2_000
_AIMED = "change_target_branch"
_REPORTS: dict[str, StatusState] = {state: state for state in get_args(StatusState)}
_EVENTS: dict[ReviewState, str] = {
    "approved": "APPROVED",
    "changes-requested": "REQUEST_CHANGES",
}


@dataclass(frozen=True, slots=True)
class GiteaForge(HostedForge):
    """One repository of a Gitea, as the account of the token sees it.

    ``repository`` is ``OWNER/NAME``; ``git`` reaches the same repository by Git.
    """

    host = "gitea"
    api: WebApi
    repository: str
    git: RemoteGit
    looks: Looks = field(default_factory=Looks)

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

    def account(self) -> str:
        """Return the account of the token."""
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

    def _pulls(self) -> Iterator[Pull]:
        for one in self.api.pages(self._path("pulls"), state="all", sort="oldest"):
            yield parsed(PULL, one, "pulls").plain()

    def _heard(self, pull: Pull) -> Heard:
        said = (review for one in self._reviews(pull.number) if (review := review_of(one)))
        return Heard(with_membership(said, self._is_member))

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

    def _say(self, pull: Pull, state: ReviewState) -> None:
        body: dict[str, JsonValue] = {
            "event": _EVENTS[state],
            "body": "" if state == "approved" else "Changes are needed.",
            "commit_id": pull.head,
        }
        self.api.send("POST", self._path(f"pulls/{pull.number}/reviews"), body)

    def _take_back(self, number: int) -> None:
        """Delete what this account said: to dismiss a review is for administrators."""
        account = self.account()
        for one in tuple(self._reviews(number)):
            if one.user and one.user.login == account:
                self.api.send("DELETE", self._path(f"pulls/{number}/reviews/{one.id}"), {})

    def _pushes(self, pull: Pull) -> Iterator[Pushed]:
        return map(self._begun, pushes_in(self._activities(pull), pull.branch))

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

    def _remarks_by(self, number: int, account: str) -> Iterator[Remark]:
        # All of them at once: this list has no pages.
        found = parsed(LIST, self.api.get(self._path(f"issues/{number}/comments")), "comments")
        for one in found:
            comment = parsed(COMMENT, one, "comments")
            if comment.user.login == account:
                yield Remark(comment.id, comment.body)

    def _remark(self, number: int, text: str) -> None:
        self.api.send("POST", self._path(f"issues/{number}/comments"), {"body": text})

    def _rewrite(self, number: int, remark: Remark, text: str) -> None:  # noqa: ARG002 - the id tells
        self.api.send("PATCH", self._path(f"issues/comments/{remark.id}"), {"body": text})

    def _rename(self, number: int, title: str) -> None:
        self.api.send("PATCH", self._path(f"pulls/{number}"), {"title": title})

    def _close(self, number: int) -> None:
        self.api.send("PATCH", self._path(f"pulls/{number}"), {"state": "closed"})

    def _status_of(self, commit: ObjectId) -> StatusState | None:
        found = self.api.pages(self._path(f"commits/{commit}/statuses"), sort="newest")
        reports = [parsed(STATUS, one, "statuses") for one in found]
        ours = [one for one in reports if one.context == CONTEXT]
        last = max(ours, key=lambda one: one.id, default=None)
        return _REPORTS.get(last.status) if last else None
