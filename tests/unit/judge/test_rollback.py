"""A return to bytes that stood at the same path before, by the same decision."""

from __future__ import annotations

from turnpike.documents.identifiers import digest_of
from turnpike.judge.facts import EarlierRelease, Facts
from turnpike.judge.rollback import is_rollback, taken_back
from turnpike.manifest.release import Release
from unit.judge.deployed import PATH, RELEASE, edited, standing
from unit.judge.examples import object_id

NEWER = RELEASE.model_copy(update={"version": "2", "artifact": digest_of(b"newer bytes")})
NEWEST = RELEASE.model_copy(update={"version": "3", "artifact": digest_of(b"newest bytes")})


def share(release: Release, traffic: int) -> Release:
    return release.model_copy(update={"traffic": traffic})


def after(*stood: Release) -> Facts:
    """Return the facts where these stood at a path one after the other, the last one still."""
    facts = standing(edited(PATH), releases={PATH: RELEASE})
    base = facts.base.model_copy(update={"releases": {PATH: stood[-1]}})
    earlier = tuple(
        EarlierRelease(path=PATH, commit=object_id(f"commit {n}"), release=one)
        for n, one in enumerate(stood)
    )
    return facts.model_copy(update={"base": base, "earlier": earlier[::-1]})


def test_what_stood_here_before_is_a_rollback_and_what_stands_is_none() -> None:
    facts = after(RELEASE, NEWER)
    assert is_rollback(facts, PATH, RELEASE)
    assert not is_rollback(facts, PATH, NEWER)
    assert not is_rollback(facts, PATH, NEWEST)
    assert not is_rollback(after(RELEASE), PATH, RELEASE)


def test_what_was_rolled_back_from_comes_again_by_a_way_forward_only() -> None:
    facts = after(RELEASE, NEWER, RELEASE)
    assert not is_rollback(facts, PATH, NEWER)
    further = after(RELEASE, NEWER, NEWEST, NEWER)
    assert is_rollback(further, PATH, RELEASE)
    assert not is_rollback(further, PATH, NEWEST)


def test_what_came_again_by_a_way_forward_is_a_way_back_again() -> None:
    facts = after(RELEASE, NEWER, RELEASE, NEWER, NEWEST)
    assert is_rollback(facts, PATH, NEWER)
    assert is_rollback(facts, PATH, RELEASE)


def test_where_nothing_stands_nothing_is_a_rollback() -> None:
    facts = after(RELEASE, NEWER)
    gone = facts.model_copy(update={"base": facts.base.model_copy(update={"releases": {}})})
    assert not is_rollback(gone, PATH, RELEASE)


def test_what_only_ever_had_a_share_is_no_way_back() -> None:
    assert not is_rollback(after(share(RELEASE, 10), NEWER), PATH, RELEASE)
    whole = after(RELEASE, share(RELEASE, 10), NEWER)
    assert is_rollback(whole, PATH, RELEASE)
    assert not is_rollback(whole, PATH, share(RELEASE, 10))


def test_an_older_version_that_comes_again_by_steps_leaves_its_way_back() -> None:
    assert is_rollback(after(RELEASE, NEWER, share(RELEASE, 10)), PATH, NEWER)
    assert is_rollback(after(RELEASE, NEWER, share(RELEASE, 10), RELEASE), PATH, NEWER)
    assert is_rollback(after(RELEASE, share(NEWER, 10)), PATH, RELEASE)


def test_what_was_taken_back_is_known_until_it_comes_again() -> None:
    assert taken_back((NEWER, RELEASE)) == {}
    assert taken_back((RELEASE, NEWER, RELEASE)) == {NEWER.artifact: 0}
    assert taken_back((NEWEST, RELEASE, NEWER, RELEASE)) == {NEWER.artifact: 1}
    assert taken_back((RELEASE, NEWEST, NEWER, RELEASE)) == {NEWEST.artifact: 0, NEWER.artifact: 0}
    assert taken_back((NEWER, RELEASE, NEWER, RELEASE)) == {}
    assert taken_back((RELEASE, share(NEWER, 10), RELEASE)) == {NEWER.artifact: 0}
    assert taken_back((share(NEWER, 10), RELEASE, NEWER, RELEASE)) == {}
