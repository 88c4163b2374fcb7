"""What is read of GitLab's answers, and GitLab's words for what people say.

Source: GitLab's REST API, version 4. An approval there is of a merge request, not of a commit; when
it was given tells of which commit it can have been.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import AwareDatetime, TypeAdapter

from turnpike.documents.identifiers import ObjectId
from turnpike.forge.hosted import Pull
from turnpike.forge.interface import PullRequestState, StatusState
from turnpike.forge.pushes import Pushed
from turnpike.forge.web import Seen
from turnpike.judge.facts import Review

_STATES: dict[str, PullRequestState] = {
    "opened": "open",
    "locked": "open",
    "closed": "closed",
    "merged": "merged",
}
REPORTS: dict[StatusState, str] = {
    "pending": "pending",
    "success": "success",
    "failure": "failed",
    "error": "canceled",
}
REPORTED: dict[str, StatusState] = {word: state for state, word in REPORTS.items()}


class User(Seen):
    """An account."""

    id: int
    username: str


class MergeRequest(Seen):
    """A merge request; ``sha`` is null while GitLab has not looked at its branch."""

    iid: int
    title: str
    author: User
    sha: str
    source_branch: str
    target_branch: str
    source_project_id: int | None
    target_project_id: int
    state: Literal["opened", "closed", "locked", "merged"]

    def plain(self, repository: str) -> Pull:
        """Return it as every host's are."""
        here = self.source_project_id == self.target_project_id
        return Pull(
            number=self.iid,
            title=self.title,
            author=self.author.username,
            head=ObjectId(self.sha),
            branch=self.source_branch,
            source=repository if here else str(self.source_project_id or ""),
            state=_STATES[self.state],
            target=self.target_branch,
        )


class Approver(Seen):
    """Who approved, and when; older versions do not say when."""

    user: User
    approved_at: AwareDatetime | None = None


class Approvals(Seen):
    """The approvals that stand on a merge request now."""

    approved_by: tuple[Approver, ...]


class Reviewer(Seen):
    """Somebody who was asked for a review, and how it ended."""

    user: User
    state: str
    created_at: AwareDatetime

    @property
    def objects(self) -> bool:
        """Tell whether it ended with a request for changes."""
        return self.state == "requested_changes"


class Version(Seen):
    """What a merge request was after a push; ``created_at`` is when GitLab took notice of it."""

    id: int
    head_commit_sha: str
    created_at: AwareDatetime


class PushData(Seen):
    """What a push moved; ``ref`` is null where it moved many branches at once."""

    ref_type: str
    ref: str | None
    commit_from: str | None
    commit_to: str | None


class Event(Seen):
    """Something that happened in the project."""

    author_username: str | None = None
    push_data: PushData | None = None

    def is_about(self, branch: str) -> bool:
        """Tell whether it may have moved a branch; of many branches at once that is not told."""
        pushed = self.push_data
        return bool(pushed and pushed.ref_type == "branch" and pushed.ref in (branch, None))

    def plain(self) -> Pushed:
        """Return who moved a branch from where to where."""
        pushed = self.push_data
        before = pushed.commit_from if pushed else None
        return Pushed(self.author_username, before, pushed.commit_to if pushed else None)


class Note(Seen):
    """A comment; ``system`` ones are GitLab's own."""

    id: int
    author: User
    body: str
    system: bool
    created_at: AwareDatetime

    @property
    def aimed_it_anew(self) -> bool:
        """Tell whether it asks for another branch since then, by somebody's hand or by itself."""
        said = ("changed target branch", "This merge request now targets")
        return self.system and any(words in self.body for words in said)


class Status(Seen):
    """One report on a commit."""

    id: int
    status: str
    name: str


class Member(Seen):
    """Somebody who belongs to the project, by itself or by a group above it."""

    id: int
    state: str


class Tip(Seen):
    """A branch and the commit that it is at."""

    class Commit(Seen):
        """A commit."""

        id: str

    name: str
    commit: Commit


USER: TypeAdapter[User] = TypeAdapter(User)
MERGE_REQUEST: TypeAdapter[MergeRequest] = TypeAdapter(MergeRequest)
APPROVALS: TypeAdapter[Approvals] = TypeAdapter(Approvals)
REVIEWER: TypeAdapter[Reviewer] = TypeAdapter(Reviewer)
VERSION: TypeAdapter[Version] = TypeAdapter(Version)
EVENT: TypeAdapter[Event] = TypeAdapter(Event)
NOTE: TypeAdapter[Note] = TypeAdapter(Note)
STATUS: TypeAdapter[Status] = TypeAdapter(Status)
MEMBER: TypeAdapter[Member] = TypeAdapter(Member)
TIP: TypeAdapter[Tip] = TypeAdapter(Tip)


def approvals_of(
    approvals: Approvals, versions: Sequence[Version]
) -> tuple[tuple[Review, ...], tuple[str, ...]]:
    """Return approvals by the commit that they can have been of, and what is said of the others.

    That commit is the head of the newest version that GitLab had taken notice of before. Without a
    moment, or without such a version, nobody knows what was approved, and it approves nothing.
    """
    known, unknown = list[Review](), list[str]()
    for one in approvals.approved_by:
        commit = _head_at(one.approved_at, versions)
        name, at = one.user.username, one.approved_at
        if commit is None or at is None:
            unknown.append(f"approval by {name}: GitLab does not tell of which commit it is")
        else:
            known.append(Review(account=name, state="approved", commit=commit, at=at))
    return tuple(known), tuple(unknown)


def objections_of(reviewers: Iterable[Reviewer], head: ObjectId) -> tuple[Review, ...]:
    """Return who asks for changes; GitLab does not tell of which commit, so it is of the head."""
    return tuple(
        Review(account=one.user.username, state="changes-requested", commit=head, at=one.created_at)
        for one in reviewers
        if one.objects
    )


def _head_at(moment: AwareDatetime | None, versions: Sequence[Version]) -> ObjectId | None:
    if moment is None:
        return None
    before = [one for one in versions if one.created_at < moment]
    newest = max(before, key=lambda one: (one.created_at, one.id), default=None)
    return ObjectId(newest.head_commit_sha) if newest else None
