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
    Note,
    User,
    Version,
    approvals_of,
    objections_of,
)
from turnpike.forge.gitlab_api import GitLabApi
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

HOST = "gitlab"
_LONGEST_COMMENT = 900_000
_MOST_EVENTS = 2_000


@dataclass(frozen=True, slots=True)
class GitLabForge(OverGit):
    """One project of a GitLab, as the account of the token sees it.

    ``repository`` is its path with all groups; ``git`` reaches the same repository by Git.
    """

    api: GitLabApi
    repository: str
    git: RemoteGit
    looks: Looks = field(default_factory=Looks)

    @property
    def name(self) -> str:
        """Return ``gitlab``, the name of this host in organisation.yaml."""
        return HOST

    def pull_request(self, number: int) -> PullRequest:
        """Return what the host knows of a merge request, read now."""
        pull, request = self._pull(number), self._request(number)
        pull.require_target()
        approvals = self.api.read(APPROVALS, "approvals", request.approvals.get)
        reviewers = tuple(self.api.pages(REVIEWER, "reviewers", request.reviewer_details.list))
        approved, unknown = approvals_of(approvals, self._versions(request))
        users = {*(one.user for one in approvals.approved_by), *(one.user for one in reviewers)}
        members = {user.username: self._is_member(user) for user in users}
        said = (*approved, *objections_of(reviewers, pull.head))
        known = [one.model_copy(update={"member": members[one.account]}) for one in said]
        reviews, early = since(self._aimed_anew(request), known)
        return PullRequest(
            host=HOST,
            number=number,
            title=pull.title,
            author=pull.author,
            head=pull.head,
            pushers=self._pushers(pull),
            reviews=tuple(latest(reviews)),
            unverified=(*unknown, *early),
        )

    def pull_requests(self) -> tuple[Summary, ...]:
        """Return all merge requests into main, by number; open ones are asked for their status."""
        call = self._project.mergerequests.list
        found = self.api.pages(MERGE_REQUEST, "merge requests", call, state="all")
        every = (one.plain(self.repository) for one in found)
        seen = (one for one in every if one.target == TARGET)
        pulls = sorted(seen, key=lambda one: one.number)
        return tuple(self._summary(pull) for pull in pulls)

    def review(self, number: int, state: ReviewState, commit: ObjectId) -> None:
        """Say what this account thinks of the head of a merge request, which must be the commit.

        GitLab refuses an approval with the commit where the head has moved on meanwhile.
        """
        pull, request = self._pull(number), self._request(number)
        pull.require_open()
        pull.require_target()
        pull.require_head(commit)
        if state == "approved":
            self.looks.until(lambda: self._is_known(request, commit))
            self.api.ask("an approval", request.approve, commit)
        elif state == "dismissed":
            self._take_back(request)
        else:  # no other way is told by its description
            words = {"body": "Changes are needed.\n\n/submit_review requested_changes"}
            self.api.ask("notes", request.notes.create, words)

    def comment(self, number: int, body: str) -> None:
        """Write this account's one comment, or change its text; the same text is nothing."""
        self._pull(number)
        text = f"{MARKER}\n{body}"[:_LONGEST_COMMENT]
        mine = self._comment_by(number, self._account().username)
        notes = self._request(number).notes
        if mine is None:
            self.api.ask("notes", notes.create, {"body": text})
        elif mine.body != text:
            self.api.ask("notes", notes.update, mine.id, {"body": text})

    def comment_of(self, number: int, account: str) -> str:
        """Return the text of an account's one comment; empty where it has none."""
        found = self._comment_by(number, account)
        return found.body.removeprefix(f"{MARKER}\n") if found else ""

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

    def close(self, number: int) -> None:
        """Close a merge request that will not be merged; a second time is nothing."""
        if self._pull(number).state == "open":
            call = self._project.mergerequests.update
            self.api.ask("merge requests", call, number, {"state_event": "close"})

    @property
    def _project(self) -> Project:
        return self.api.client.projects.get(self.repository, lazy=True)

    def _request(self, number: int) -> ProjectMergeRequest:
        return self._project.mergerequests.get(number, lazy=True)

    def _account(self) -> User:
        return self.api.read(USER, "user", CurrentUserManager(self.api.client).get)

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

    def _aimed_anew(self, request: ProjectMergeRequest) -> datetime | None:
        """Return when it was last aimed at another branch; None for never."""
        seen = self.api.pages(NOTE, "notes", request.notes.list)
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

    def _pushers(self, pull: Pull) -> tuple[str, ...]:
        """Return all who moved the branch, in order; none where that is not told to its end.

        The events follow a push after a moment, so a missing one is waited for.
        """
        found: list[str] = []

        def is_told() -> bool:
            found[:] = pushers_of(pull.head, as_far_as_told(self._pushes(pull)))
            return bool(found)

        self.looks.until(is_told)
        return tuple(found)

    def _pushes(self, pull: Pull) -> Iterator[Pushed]:
        """Yield the moves of a branch, newest first, in the project that has it."""
        if not pull.source:
            return
        project = self.api.client.projects.get(pull.source, lazy=True)
        seen = self.api.pages(EVENT, "events", project.events.list, action="pushed")
        for one in islice(seen, _MOST_EVENTS):
            if one.is_about(pull.branch):
                yield one.plain()

    def _take_back(self, request: ProjectMergeRequest) -> None:
        with suppress(NotThere):  # there is none
            self.api.ask("an approval", request.unapprove)
        me = self._account().username
        seen = self.api.pages(REVIEWER, "reviewers", request.reviewer_details.list)
        if any(one.user.username == me and one.objects for one in seen):
            words = {"body": "Taken back.\n\n/submit_review reviewed"}
            self.api.ask("notes", request.notes.create, words)

    def _comment_by(self, number: int, account: str) -> Note | None:
        """Return the account's comment that carries the marker, else its first one."""
        call, wanted = self._request(number).notes.list, account.casefold()
        seen = self.api.pages(NOTE, "notes", call, sort="asc", order_by="created_at")
        mine = [n for n in seen if not n.system and n.author.username.casefold() == wanted]
        marked = [note for note in mine if note.body.startswith(MARKER)]
        return next(iter(marked or mine), None)

    def _summary(self, pull: Pull) -> Summary:
        status = self._status_of(pull.head) if pull.state == "open" else None
        return Summary(pull.number, pull.title, pull.author, pull.head, pull.state, status)

    def _status_of(self, commit: ObjectId) -> StatusState | None:
        """Return the newest report of the gate."""
        call = self._project.commits.get(commit, lazy=True).statuses.list
        seen = self.api.pages(STATUS, "statuses", call, name=CONTEXT)
        ours = [one for one in seen if one.name == CONTEXT]
        last = max(ours, key=lambda one: one.id, default=None)
        return REPORTED.get(last.status) if last else None
