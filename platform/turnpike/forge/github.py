"""GitHub as a Git host: its REST API for what people say, Git itself for commits and evidence.

Source: GitHub's API description of 2026-03-10, by which githubkit's models are made. Tried against
a stand-in that is held to those models; docs/hosts.md says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, get_args
from urllib.parse import quote

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, Unavailable
from turnpike.forge.answers import NotThere
from turnpike.forge.github_answers import HAPPENINGS, pull_of, push_of, reviews_of
from turnpike.forge.github_api import GitHubApi
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
from turnpike.forge.remote_git import RemoteGit
from turnpike.judge.facts import PullRequest

if TYPE_CHECKING:
    from githubkit_schemas.v2026_03_10.models import IssueComment

HOST = "github"
_LONGEST_DESCRIPTION = 140
_LONGEST_COMMENT = 65_000
_MOST_PUSHES = 1_000
_REPORTS: dict[str, StatusState] = {state: state for state in get_args(StatusState)}
_EVENTS: dict[ReviewState, str] = {
    "approved": "APPROVE",
    "changes-requested": "REQUEST_CHANGES",
}


@dataclass(frozen=True, slots=True)
class GitHubForge(OverGit):
    """One repository at GitHub, as the account of the token sees it.

    ``repository`` is ``OWNER/NAME``; ``git`` reaches the same repository by Git.
    """

    api: GitHubApi
    repository: str
    git: RemoteGit
    looks: Looks = field(default_factory=Looks)

    @property
    def name(self) -> str:
        """Return ``github``, the name of this host in organisation.yaml."""
        return HOST

    def pull_request(self, number: int) -> PullRequest:
        """Return what the host knows of a pull request, read now."""
        pull = self._pull(number)
        pull.require_target()
        seen = self.api.pages(self.api.rest.pulls.list_reviews, *self._place, number)
        said = reviews_of(seen, pull.head)
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
        """Return all pull requests into main, by number; open ones are asked for their status."""
        found = self.api.pages(self.api.rest.pulls.list, *self._place, state="all", base=TARGET)
        seen = (one for one in map(pull_of, found) if one.target == TARGET)
        pulls = sorted(seen, key=lambda one: one.number)
        return tuple(self._summary(pull) for pull in pulls)

    def review(self, number: int, state: ReviewState, commit: ObjectId) -> None:
        """Say what this account thinks of the head of a pull request, which must be the commit.

        GitHub lets nobody take a review back; it is dismissed, for which a right may be missing.
        """
        pull = self._pull(number)
        pull.require_open()
        pull.require_target()
        pull.require_head(commit)
        if state == "dismissed":
            self._take_back(number)
            return
        self.api.ask(
            self.api.rest.pulls.create_review, *self._place, number,
            commit_id=commit,
            event=_EVENTS[state],
            body="" if state == "approved" else "Changes are needed.",
        )  # fmt: skip

    def comment(self, number: int, body: str) -> None:
        """Write this account's one comment, or change its text; the same text is nothing."""
        self._pull(number)
        text = f"{MARKER}\n{body}"[:_LONGEST_COMMENT]
        mine = self._comment_by(number, self._account())
        issues = self.api.rest.issues
        if mine is None:
            self.api.ask(issues.create_comment, *self._place, number, body=text)
        elif mine.body != text:
            self.api.ask(issues.update_comment, *self._place, mine.id, body=text)

    def comment_of(self, number: int, account: str) -> str:
        """Return the text of an account's one comment; empty where it has none."""
        found = self._comment_by(number, account)
        return str(found.body).removeprefix(f"{MARKER}\n") if found else ""

    def status(self, commit: ObjectId, state: StatusState, description: str) -> None:
        """Report how a commit stands."""
        self.api.ask(
            self.api.rest.repos.create_commit_status, *self._place, commit,
            state=state, context=CONTEXT, description=description[:_LONGEST_DESCRIPTION],
        )  # fmt: skip

    def mark_merged(self, number: int, commit: ObjectId) -> None:  # noqa: ARG002 - seen by itself
        """Wait until the host shows a pull request as merged.

        GitHub sees by itself that main has the head, and cannot be told. Where it takes longer
        nothing is lost: main is what counts.
        """
        self.looks.until(lambda: self._pull(number).state == "merged")

    def close(self, number: int) -> None:
        """Close a pull request that will not be merged; a second time is nothing."""
        if self._pull(number).state == "open":
            self.api.ask(self.api.rest.pulls.update, *self._place, number, state="closed")

    @property
    def _place(self) -> tuple[str, str]:
        owner, _, name = self.repository.partition("/")
        return owner, name

    def _account(self) -> str:
        login: str = self.api.ask(self.api.rest.users.get_authenticated).login
        return login

    def _ask_for_merge(self, opening: Opening, branch: str) -> int:
        made = self.api.ask(
            self.api.rest.pulls.create, *self._place,
            title=opening.title, body=opening.body, head=branch, base="main",
        )  # fmt: skip
        return pull_of(made).number

    def _branch_at(self, branch: str) -> str | None:
        """Return where the API has a branch; it learns of a push a moment after it."""
        try:
            ref = f"heads/{quote(branch)}"
            found = self.api.ask(self.api.rest.git.get_ref, *self._place, ref)
        except (NotThere, Unavailable):
            return None
        at: str = found.object_.sha
        return at

    def _pull(self, number: int) -> Pull:
        try:
            return pull_of(self.api.ask(self.api.rest.pulls.get, *self._place, number))
        except NotThere as error:
            raise unknown_pull_request(self.repository, number) from error

    def _aimed_anew(self, number: int) -> datetime | None:
        """Return when it was last aimed at another branch; None for never."""
        call = self.api.rest.issues.list_events
        seen = self.api.pages_as(HAPPENINGS, call, *self._place, number)
        return max((one.created_at for one in seen if one.aimed_it_anew), default=None)

    def _is_member(self, account: str) -> bool | None:
        """Tell whether an account has a right here now, its own, a team's or the organisation's.

        None where the token may not ask.
        """
        try:
            self.api.tell(self.api.rest.repos.check_collaborator, *self._place, account)
        except NotThere:
            return False
        except Unavailable:
            raise
        except CannotDecide:
            return None
        return True

    def _pushers(self, pull: Pull) -> tuple[str, ...]:
        """Return all who moved the branch, in order; none where that is not told to its end.

        The activities follow a push after a moment, so a missing one is waited for.
        """
        found: list[str] = []

        def is_told() -> bool:
            found[:] = pushers_of(pull.head, as_far_as_told(self._pushes(pull)))
            return bool(found)

        self.looks.until(is_told)
        return tuple(found)

    def _pushes(self, pull: Pull) -> Iterator[Pushed]:
        """Yield the moves of a branch, newest first, in the repository that has it."""
        owner, _, name = pull.source.partition("/")
        if not name:
            return
        ref = f"refs/heads/{pull.branch}"
        seen = self.api.pages(self.api.rest.repos.list_activities, owner, name, ref=ref)
        for one in islice(seen, _MOST_PUSHES):
            if one.ref == ref:
                yield push_of(one)

    def _take_back(self, number: int) -> None:
        account = self._account()
        seen = self.api.pages(self.api.rest.pulls.list_reviews, *self._place, number)
        standing = ("APPROVED", "CHANGES_REQUESTED")
        for one in tuple(seen):
            if one.user and one.user.login == account and one.state in standing:
                self.api.ask(
                    self.api.rest.pulls.dismiss_review, *self._place, number, one.id,
                    message="Taken back.", event="DISMISS",
                )  # fmt: skip

    def _comment_by(self, number: int, account: str) -> IssueComment | None:
        """Return the account's comment that carries the marker, else its first one."""
        seen = self.api.pages(self.api.rest.issues.list_comments, *self._place, number)
        wanted = account.casefold()
        mine = [one for one in seen if one.user and one.user.login.casefold() == wanted]
        marked = [one for one in mine if str(one.body).startswith(MARKER)]
        return next(iter(marked or mine), None)

    def _summary(self, pull: Pull) -> Summary:
        status = self._status_of(pull.head) if pull.state == "open" else None
        return Summary(pull.number, pull.title, pull.author, pull.head, pull.state, status)

    def _status_of(self, commit: ObjectId) -> StatusState | None:
        """Return the newest report of the gate; the list begins with it."""
        call = self.api.rest.repos.list_commit_statuses_for_ref
        seen = self.api.pages(call, *self._place, commit)
        last = next((one for one in seen if one.context == CONTEXT), None)
        return _REPORTS.get(last.state) if last else None
