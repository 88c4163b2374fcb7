"""What GitHub says of a pull request counts for no more than it says, and never for an approval."""

from __future__ import annotations

from typing import Any

import pytest
from githubkit_schemas.v2026_03_10 import models

from contracts.samples import sample
from turnpike.documents.identifiers import ObjectId
from turnpike.forge.github_answers import HAPPENINGS, pull_of, push_of, reviews_of
from turnpike.forge.refs import NOTHING

HEAD, OLD = ObjectId("a" * 40), ObjectId("b" * 40)
AT = "2026-01-01T12:00:00Z"


def review(state: str, **bent: Any) -> models.PullRequestReview:
    said = {
        "state": state, "commit_id": OLD, "submitted_at": AT, "user": {"login": "nora", "id": 1},
    } | bent  # fmt: skip
    return models.PullRequestReview.model_validate(sample(models.PullRequestReview, **said))


def pull(**bent: Any) -> models.PullRequest:
    repo = {"full_name": "aurora/monorepo", "id": 1, "name": "monorepo"}
    said = {
        "number": 3, "title": "Add", "state": "open", "merged_at": None,
        "user": {"login": "maria", "id": 1},
        "head": {"sha": HEAD, "ref": "topic", "repo": repo},
        "base": {"sha": OLD, "ref": "main"},
    } | bent  # fmt: skip
    return models.PullRequest.model_validate(sample(models.PullRequest, **said))


def told(*reviews: models.PullRequestReview) -> list[tuple[str, str, str]]:
    return [(one.account, one.state, one.commit) for one in reviews_of(reviews, HEAD)]


def test_an_approval_is_of_the_commit_that_it_names() -> None:
    assert told(review("APPROVED")) == [("nora", "approved", OLD)]


def test_an_approval_of_a_commit_that_is_gone_approves_nothing_and_an_objection_stays() -> None:
    assert told(review("APPROVED", commit_id=None)) == []
    assert told(review("CHANGES_REQUESTED", commit_id=None)) == [
        ("nora", "changes-requested", HEAD)
    ]


@pytest.mark.parametrize("state", ["COMMENTED", "PENDING", "approved", "APPROVED ", "", "NEW"])
def test_a_state_that_is_no_verdict_says_nothing(state: str) -> None:
    assert told(review(state)) == []


def test_a_review_of_an_account_that_is_gone_or_of_no_moment_says_nothing() -> None:
    assert told(review("APPROVED", user=None)) == []
    without = sample(
        models.PullRequestReview, state="APPROVED", commit_id=OLD, user={"login": "nora", "id": 1}
    )
    without.pop("submitted_at", None)
    assert told(models.PullRequestReview.model_validate(without)) == []


def test_a_dismissal_takes_the_place_of_what_it_dismisses() -> None:
    assert told(review("DISMISSED")) == [("nora", "dismissed", OLD)]


@pytest.mark.parametrize(
    ("state", "merged_at", "expected"),
    [("open", None, "open"), ("closed", None, "closed"), ("closed", AT, "merged")],
)
def test_only_what_was_merged_shows_as_merged(
    state: str, merged_at: str | None, expected: str
) -> None:
    assert pull_of(pull(state=state, merged_at=merged_at)).state == expected


def test_a_head_in_a_fork_that_is_gone_is_in_no_repository() -> None:
    head = {"sha": HEAD, "ref": "topic", "repo": None}
    found = pull_of(pull(head=head))
    assert (found.author, found.source) == ("maria", "")
    assert (found.head, found.branch, found.target) == (HEAD, "topic", "main")


def activity(**bent: Any) -> models.Activity:
    said = {
        "before": OLD, "after": HEAD, "ref": "refs/heads/topic", "timestamp": AT,
        "activity_type": "push", "actor": {"login": "maria", "id": 1},
    } | bent  # fmt: skip
    return models.Activity.model_validate(sample(models.Activity, **said))


def test_a_push_of_an_account_that_is_gone_is_nobodys_and_a_new_branch_had_nothing_before() -> None:
    assert push_of(activity(actor=None)).account is None
    begun, ended = push_of(activity(before=NOTHING)), push_of(activity(after=NOTHING))
    assert (begun.account, begun.before, begun.after) == ("maria", None, HEAD)
    assert (ended.before, ended.after) == (OLD, None)


@pytest.mark.parametrize(
    ("event", "aimed"),
    [
        ("base_ref_changed", True),
        ("automatic_base_change_succeeded", True),
        ("automatic_base_change_failed", False),
        ("renamed", False),
        ("head_ref_force_pushed", False),
    ],
)
def test_a_change_of_the_branch_that_is_asked_for_is_seen_whoever_made_it(
    event: str, aimed: bool
) -> None:
    said = {"event": event, "created_at": AT, "more": 1}
    (one,) = HAPPENINGS.validate_python([said], strict=False)
    assert one.aimed_it_anew is aimed
