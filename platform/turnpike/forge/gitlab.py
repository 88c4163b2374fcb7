"""GitLab as a Git host: its REST API for what people say, Git itself for commits and evidence.

Tried against a stand-in of the API; docs/hosts.md says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from gitlab.v4.objects import CurrentUserManager, Project, ProjectMergeRequest

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, Unavailable
from turnpike.forge.answers import NotThere
from turnpike.forge.event import LONGEST_TITLE
from turnpike.forge.gitlab_answers import (
    APPROVALS,
    EVENT,
    MEMBER,
    MERGE_REQUEST,
    NOTE,
    REPORTED,
    REPORTS,
    REVIEWER,
    STATUS,
    TIP,
    USER,
    VERSION,
    User,
    Version,
    approvals_of,
    objections_of,
)
from turnpike.forge.gitlab_api import GitLabApi
from turnpike.forge.hosted import (
    CONTEXT,
    Looks,
    Pull,
    unknown_pull_request,
)
from turnpike.forge.hosted_forge import Heard, HostedForge, Remark, with_membership
from turnpike.forge.interface import Opening, ReviewState, StatusState
from turnpike.forge.pushes import Pushed
from turnpike.forge.remote_git import RemoteGit

_MOST_EVENTS = 2_000


@dataclass(frozen=True, slots=True)
class GitLabForge(HostedForge):
    """One project of a GitLab, as the account of the token sees it.

    ``repository`` is its path with all groups; ``git`` reaches the same repository by Git.
    """

    host = "gitlab"
    longest_comment = 900_000
    api: GitLabApi
    repository: str
    git: RemoteGit
    looks: Looks = field(default_factory=Looks)

    def status(self, commit: ObjectId, state: StatusState, description: str) -> None:
        """Report how a commit stands; GitLab refuses to wait for what waits already."""
        if state == "pending" and self._status_of(commit) == "pending":
            return
        body = {
            "state": REPORTS[state],
            "name": CONTEXT,
            "description": description[:LONGEST_TITLE],
        }
        call = self._project.commits.get(commit, lazy=True).statuses.create
        self.api.ask("statuses", call, body)

    def mark_merged(self, number: int, commit: ObjectId) -> None:  # noqa: ARG002 - seen by itself
        """Wait until the host shows a merge request as merged.

        GitLab sees by itself that main has the head, and cannot be told. Where it takes longer
        nothing is lost: main is what counts.
        """
        self.looks.until(lambda: self._pull(number).state == "merged")

    @property
    def _project(self) -> Project:
        return self.api.client.projects.get(self.repository, lazy=True)

    def _request(self, number: int) -> ProjectMergeRequest:
        return self._project.mergerequests.get(number, lazy=True)

    def account(self) -> str:
        """Return the account of the token."""
        return self.api.read(USER, "user", CurrentUserManager(self.api.client).get).username

    def _ask_for_merge(self, opening: Opening, branch: str) -> int:
        body = {
            "source_branch": branch,
            "target_branch": "main",
            "title": opening.title,
            "description": opening.body,
        }
        call = self._project.mergerequests.create
        return self.api.read(MERGE_REQUEST, "merge requests", call, body).iid

    def _branch_at(self, branch: str) -> str | None:
        """Return where the API has a branch; it learns of a push a moment after it."""
        try:
            call = self._project.branches.get
            return self.api.read(TIP, "branches", call, branch).commit.id
        except (NotThere, Unavailable):
            return None

    def _pull(self, number: int) -> Pull:
        call = self._project.mergerequests.get
        try:
            found = self.api.read(MERGE_REQUEST, f"merge request {number}", call, number)
        except NotThere as error:
            raise unknown_pull_request(self.repository, number) from error
        return found.plain(self.repository)

    def _versions(self, request: ProjectMergeRequest) -> tuple[Version, ...]:
        return tuple(self.api.pages(VERSION, "versions", request.diffs.list))

    def _is_known(self, request: ProjectMergeRequest, commit: ObjectId) -> bool:
        """Tell whether GitLab has taken notice of the push of a commit."""
        newest = max(self._versions(request), key=lambda one: one.id, default=None)
        return newest is not None and newest.head_commit_sha == commit

    def _pulls(self) -> Iterator[Pull]:
        call = self._project.mergerequests.list
        found = self.api.pages(MERGE_REQUEST, "merge requests", call, state="all")
        return (one.plain(self.repository) for one in found)

    def _heard(self, pull: Pull) -> Heard:
        request = self._request(pull.number)
        approvals = self.api.read(APPROVALS, "approvals", request.approvals.get)
        reviewers = tuple(self.api.pages(REVIEWER, "reviewers", request.reviewer_details.list))
        approved, unknown = approvals_of(approvals, self._versions(request))
        seen = (*(one.user for one in approvals.approved_by), *(one.user for one in reviewers))
        users = {user.username: user for user in seen}
        said = (*approved, *objections_of(reviewers, pull.head))
        return Heard(with_membership(said, lambda name: self._is_member(users[name])), unknown)

    def _aimed_anew(self, number: int) -> datetime | None:
        """Return when it was last aimed at another branch; None for never."""
        seen = self.api.pages(NOTE, "notes", self._request(number).notes.list)
        return max((one.created_at for one in seen if one.aimed_it_anew), default=None)

    def _is_member(self, user: User) -> bool | None:
        """Tell whether an account belongs to the project now, by itself or by a group.

        None where the token may not ask.
        """
        try:
            call = self._project.members_all.get
            found = self.api.read(MEMBER, "members", call, user.id)
        except NotThere:
            return False
        except Unavailable:
            raise
        except CannotDecide:
            return None
        return found.state == "active"

    def _pushes(self, pull: Pull) -> Iterator[Pushed]:
        """Yield the moves of a branch, newest first, in the project that has it."""
        if not pull.source:
            return
        project = self.api.client.projects.get(pull.source, lazy=True)
        seen = self.api.pages(EVENT, "events", project.events.list, action="pushed")
        for one in islice(seen, _MOST_EVENTS):
            if one.is_about(pull.branch):
                yield one.plain()

    def _say(self, pull: Pull, state: ReviewState) -> None:
        """Say it; GitLab refuses an approval of a head that has moved on meanwhile."""
        request = self._request(pull.number)
        if state == "approved":
            self.looks.until(lambda: self._is_known(request, pull.head))
            self.api.ask("an approval", request.approve, pull.head)
        else:  # no other way is told by its description
            words = {"body": "Changes are needed.\n\n/submit_review requested_changes"}
            self.api.ask("notes", request.notes.create, words)

    def _take_back(self, number: int) -> None:
        request = self._request(number)
        with suppress(NotThere):  # there is none
            self.api.ask("an approval", request.unapprove)
        me = self.account()
        seen = self.api.pages(REVIEWER, "reviewers", request.reviewer_details.list)
        if any(one.user.username == me and one.objects for one in seen):
            words = {"body": "Taken back.\n\n/submit_review reviewed"}
            self.api.ask("notes", request.notes.create, words)

    def _status_of(self, commit: ObjectId) -> StatusState | None:
        """Return the newest report of the gate."""
        call = self._project.commits.get(commit, lazy=True).statuses.list
        seen = self.api.pages(STATUS, "statuses", call, name=CONTEXT)
        ours = [one for one in seen if one.name == CONTEXT]
        last = max(ours, key=lambda one: one.id, default=None)
        return REPORTED.get(last.status) if last else None

    def _remarks_by(self, number: int, account: str) -> Iterator[Remark]:
        call = self._request(number).notes.list
        for one in self.api.pages(NOTE, "notes", call, sort="asc", order_by="created_at"):
            if not one.system and one.author.username.casefold() == account.casefold():
                yield Remark(one.id, one.body)

    def _remark(self, number: int, text: str) -> None:
        self.api.ask("notes", self._request(number).notes.create, {"body": text})

    def _rewrite(self, number: int, remark: Remark, text: str) -> None:
        self.api.ask("notes", self._request(number).notes.update, remark.id, {"body": text})

    def _rename(self, number: int, title: str) -> None:
        call = self._project.mergerequests.update
        self.api.ask("merge requests", call, number, {"title": title})

    def _close(self, number: int) -> None:
        call = self._project.mergerequests.update
        self.api.ask("merge requests", call, number, {"state_event": "close"})
