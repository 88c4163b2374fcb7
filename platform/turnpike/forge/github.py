"""GitHub as a Git host: its REST API for what people say, Git itself for commits and evidence.

Source: GitHub's API description of 2026-03-10, by which githubkit's models are made. Tried against
a stand-in that is held to those models; docs/hosts.md says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import get_args
from urllib.parse import quote

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, Unavailable
from turnpike.forge.answers import NotThere
from turnpike.forge.github_answers import HAPPENINGS, pull_of, push_of, reviews_of
from turnpike.forge.github_api import GitHubApi
from turnpike.forge.hosted import (
    CONTEXT,
    TARGET,
    Looks,
    Pull,
    unknown_pull_request,
)
from turnpike.forge.hosted_forge import Heard, HostedForge, Remark, with_membership
from turnpike.forge.interface import Opening, ReviewState, StatusState
from turnpike.forge.pushes import Pushed
from turnpike.forge.remote_git import RemoteGit

_LONGEST_DESCRIPTION = 140
_MOST_PUSHES = 1_000
_REPORTS: dict[str, StatusState] = {state: state for state in get_args(StatusState)}
_EVENTS: dict[ReviewState, str] = {
    "approved": "APPROVE",
    "changes-requested": "REQUEST_CHANGES",
}


@dataclass(frozen=True, slots=True)
class GitHubForge(HostedForge):
    """One repository at GitHub, as the account of the token sees it.

    ``repository`` is ``OWNER/NAME``; ``git`` reaches the same repository by Git.
    """

    host = "github"
    longest_comment = 65_000
    api: GitHubApi
    repository: str
    git: RemoteGit
    looks: Looks = field(default_factory=Looks)

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

    @property
    def _place(self) -> tuple[str, str]:
        owner, _, name = self.repository.partition("/")
        return owner, name

    def account(self) -> str:
        """Return the account of the token."""
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

    def _pulls(self) -> Iterator[Pull]:
        found = self.api.pages(self.api.rest.pulls.list, *self._place, state="all", base=TARGET)
        return map(pull_of, found)

    def _heard(self, pull: Pull) -> Heard:
        seen = self.api.pages(self.api.rest.pulls.list_reviews, *self._place, pull.number)
        return Heard(with_membership(reviews_of(seen, pull.head), self._is_member))

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

    def _say(self, pull: Pull, state: ReviewState) -> None:
        self.api.ask(
            self.api.rest.pulls.create_review, *self._place, pull.number,
            commit_id=pull.head,
            event=_EVENTS[state],
            body="" if state == "approved" else "Changes are needed.",
        )  # fmt: skip

    def _take_back(self, number: int) -> None:
        """Dismiss what this account said; GitHub lets nobody delete it.

        For that a right may be missing.
        """
        account = self.account()
        seen = self.api.pages(self.api.rest.pulls.list_reviews, *self._place, number)
        standing = ("APPROVED", "CHANGES_REQUESTED")
        for one in tuple(seen):
            if one.user and one.user.login == account and one.state in standing:
                self.api.ask(
                    self.api.rest.pulls.dismiss_review, *self._place, number, one.id,
                    message="Taken back.", event="DISMISS",
                )  # fmt: skip

    def _status_of(self, commit: ObjectId) -> StatusState | None:
        """Return the newest report of the gate; the list begins with it."""
        call = self.api.rest.repos.list_commit_statuses_for_ref
        seen = self.api.pages(call, *self._place, commit)
        last = next((one for one in seen if one.context == CONTEXT), None)
        return _REPORTS.get(last.state) if last else None

    def _remarks_by(self, number: int, account: str) -> Iterator[Remark]:
        seen = self.api.pages(self.api.rest.issues.list_comments, *self._place, number)
        for one in seen:
            if one.user and one.user.login.casefold() == account.casefold():
                yield Remark(one.id, str(one.body))

    def _remark(self, number: int, text: str) -> None:
        self.api.ask(self.api.rest.issues.create_comment, *self._place, number, body=text)

    def _rewrite(self, number: int, remark: Remark, text: str) -> None:  # noqa: ARG002 - the id tells
        self.api.ask(self.api.rest.issues.update_comment, *self._place, remark.id, body=text)

    def _rename(self, number: int, title: str) -> None:
        self.api.ask(self.api.rest.pulls.update, *self._place, number, title=title)

    def _close(self, number: int) -> None:
        self.api.ask(self.api.rest.pulls.update, *self._place, number, state="closed")
