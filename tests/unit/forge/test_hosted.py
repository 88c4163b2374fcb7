from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.forge.hosted import Looks, Pull, branch_of, latest, since
from turnpike.forge.interface import Opening
from turnpike.judge.facts import Review

HEAD, OLD = ObjectId("a" * 40), ObjectId("b" * 40)
PULL = Pull(3, "Add", "maria", HEAD, "topic", "aurora/monorepo", "open")
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def said(account: str, state: str, commit: ObjectId, minutes: int) -> Review:
    at = NOON + timedelta(minutes=minutes)
    return Review.model_validate(
        {"account": account, "state": state, "commit": commit, "at": at}, strict=False
    )


def test_only_an_open_pull_request_is_open() -> None:
    PULL.require_open()
    for state in ("merged", "closed"):
        with pytest.raises(InputError, match=f"it is {state}"):
            replace(PULL, state=state).require_open()


def test_a_review_is_of_the_head() -> None:
    PULL.require_head(HEAD)
    with pytest.raises(InputError, match="expected a review of its head"):
        PULL.require_head(OLD)


def test_a_branch_in_a_fork_is_not_pushed_to() -> None:
    PULL.require_source("Aurora/Monorepo")
    with pytest.raises(InputError, match="a repository that is gone"):
        replace(PULL, source="").require_source("aurora/monorepo")


def test_only_what_asks_for_main_is_for_main() -> None:
    PULL.require_target()
    with pytest.raises(InputError, match="expected one into main, it is into 'mai'"):
        replace(PULL, target="mai").require_target()


def test_an_approval_is_of_the_branch_that_was_asked_for_when_it_was_given() -> None:
    words = (said("tom", "approved", HEAD, 1), said("nora", "approved", HEAD, 3))
    objection = said("ida", "changes-requested", HEAD, 1)
    assert since(None, words) == (words, ())
    assert since(NOON + timedelta(minutes=2), [*words, objection]) == (
        (words[1], objection),
        ("approval by tom: older than the change of the branch to merge into",),
    )
    assert since(words[0].at, words[:1])[0] == ()  # at the same moment: nobody knows which


def test_the_last_word_on_each_commit_counts_whatever_the_order() -> None:
    words = [
        said("tom", "approved", HEAD, 2),
        said("tom", "changes-requested", HEAD, 1),
        said("tom", "approved", OLD, 0),
        said("nora", "approved", HEAD, 3),
    ]
    found = [(one.account, one.state, one.commit) for one in latest(words)]
    assert found == [
        ("nora", "approved", HEAD),
        ("tom", "approved", HEAD),
        ("tom", "approved", OLD),
    ]


def test_a_title_is_one_plain_line() -> None:
    Opening(HEAD, "Add a model").require_title()
    for title in ("", "  ", "two\nlines", "x" * 201):
        with pytest.raises(InputError, match="title"):
            Opening(HEAD, title).require_title()


def test_a_branch_without_a_name_is_named_by_its_commit() -> None:
    assert branch_of(Opening(HEAD, "Add")) == f"change/{'a' * 12}"
    assert branch_of(Opening(HEAD, "Add", branch="topic")) == "topic"


def test_looking_ends_when_it_is_seen_and_when_it_is_not() -> None:
    seen, pauses = iter([False, False, True]), list[float]()
    assert Looks(times=5, sleep=pauses.append).until(lambda: next(seen))
    assert len(pauses) == 2
    assert not Looks(times=3, sleep=pauses.append).until(lambda: False)
    assert len(pauses) == 5


def test_what_a_host_never_shows_is_asked_for_a_minute_and_seldom() -> None:
    pauses: list[float] = []
    assert not Looks(sleep=pauses.append).until(lambda: False)
    assert 50 < sum(pauses) < 75
    assert len(pauses) < 30
    assert pauses[0] <= 0.1
