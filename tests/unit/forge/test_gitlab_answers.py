from __future__ import annotations

from datetime import UTC, datetime, timedelta

from turnpike.documents.identifiers import ObjectId
from turnpike.forge.gitlab_answers import (
    EVENT,
    MERGE_REQUEST,
    Approvals,
    Approver,
    Reviewer,
    User,
    Version,
    approvals_of,
    objections_of,
)

NORA = User(id=1, username="nora-smith")
OLD, HEAD = "a" * 40, "b" * 40
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


VERSIONS = (
    Version(id=2, head_commit_sha=HEAD, created_at=at(10)),
    Version(id=1, head_commit_sha=OLD, created_at=at(0)),
)


def approved(moment: datetime | None) -> Approvals:
    return Approvals(approved_by=(Approver(user=NORA, approved_at=moment),))


def test_an_approval_is_of_the_newest_version_before_it() -> None:
    for minutes, commit in ((5, OLD), (9, OLD), (10, OLD), (11, HEAD)):
        reviews, unknown = approvals_of(approved(at(minutes)), VERSIONS)
        assert [(r.account, r.commit, r.at) for r in reviews] == [
            ("nora-smith", commit, at(minutes))
        ]
        assert unknown == ()


def test_what_nobody_can_know_approves_nothing() -> None:
    for moment, versions in ((None, VERSIONS), (at(-1), VERSIONS), (at(5), ())):
        reviews, unknown = approvals_of(approved(moment), versions)
        assert reviews == ()
        assert unknown == ("approval by nora-smith: GitLab does not tell of which commit it is",)


def test_only_a_request_for_changes_objects() -> None:
    states = ("unreviewed", "reviewed", "approved", "unapproved", "requested_changes")
    reviewers = [Reviewer(user=NORA, state=state, created_at=NOON) for state in states]
    found = objections_of(reviewers, ObjectId(HEAD))
    assert [(r.state, r.commit) for r in found] == [("changes-requested", HEAD)]


def test_a_push_of_many_branches_may_be_of_this_one() -> None:
    pushed = {"ref_type": "branch", "ref": "topic", "commit_from": OLD, "commit_to": HEAD}
    event = {"author_username": "maria-lopez", "push_data": pushed}
    assert EVENT.validate_python(event).is_about("topic")
    assert not EVENT.validate_python(event).is_about("other")
    many = event | {"push_data": pushed | {"ref": None, "commit_to": None}}
    assert EVENT.validate_python(many).is_about("topic")
    tag = event | {"push_data": pushed | {"ref_type": "tag"}}
    assert not EVENT.validate_python(tag).is_about("topic")


def test_a_fork_that_is_gone_has_no_source() -> None:
    seen = {
        "iid": 3, "title": "Add", "author": {"id": 1, "username": "maria-lopez"}, "sha": HEAD,
        "source_branch": "topic", "target_branch": "main", "state": "locked",
        "source_project_id": None, "target_project_id": 7,
    }  # fmt: skip
    pull = MERGE_REQUEST.validate_python(seen).plain("aurora/monorepo")
    assert (pull.source, pull.state) == ("", "open")
    here = MERGE_REQUEST.validate_python(seen | {"source_project_id": 7})
    assert here.plain("aurora/monorepo").source == "aurora/monorepo"
