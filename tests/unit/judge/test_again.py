"""What was rolled back comes again on a person's word only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.judge.again import told_of
from turnpike.judge.facts import EarlierRelease, Facts
from turnpike.judge.requirements import agreement_on
from turnpike.manifest.release import Release
from turnpike.topology.organisation import Bot
from unit.judge.deployed import PATH, RELEASE, edited, standing
from unit.judge.examples import NOW, object_id, organisation, pull_request
from unit.judge.test_emergencies import EMERGENCY

NEWER = RELEASE.model_copy(update={"version": "2", "artifact": digest_of(b"newer bytes")})
NEWEST = RELEASE.model_copy(update={"version": "3", "artifact": digest_of(b"newest bytes")})
KNOWN = organisation().model_copy(
    update={"bots": (Bot(id="robot", email="robot@example.org", ssh_keys=()),)}
)


def bringing(release: Release, *stood: Release, author: str = "robot") -> Facts:
    """Return the facts where somebody brings a release after others, the last of which stands."""
    facts = standing(edited(PATH), releases={PATH: release})
    base = facts.base.model_copy(update={"releases": {PATH: stood[-1]}, "organisation": KNOWN})
    earlier = tuple(
        EarlierRelease(path=PATH, commit=object_id(f"commit {n}"), release=one, at=NOW)
        for n, one in enumerate(stood)
    )
    request = pull_request().model_copy(update={"author": author, "pushers": (author,)})
    news = {"base": base, "earlier": earlier[::-1], "pull_request": request}
    return facts.model_copy(update=news)


def said(facts: Facts) -> tuple[list[str], list[str]]:
    """Return what stands against the change for this, and what is only told."""
    agreement = agreement_on(facts, "release")
    found = [
        [f"{one.code}: {one.actual}" for one in some if one.code == "release.rolled-back"]
        for some in (agreement.findings, agreement.notes)
    ]
    return found[0], found[1]


BACK = (RELEASE, NEWER, RELEASE)
COMMIT = object_id("commit 2")[:12]
TOLD = f"release.rolled-back: version 2, rolled back on 2026-03-02 09:00 UTC by {COMMIT}"


@pytest.mark.parametrize("author", ["robot", "a stranger"])
def test_no_bot_brings_again_what_was_rolled_back(author: str) -> None:
    assert said(bringing(NEWER, *BACK, author=author)) == ([TOLD], [])


def test_a_person_does_and_those_who_approve_are_told() -> None:
    assert said(bringing(NEWER, *BACK, author="maria")) == ([], [TOLD])


@pytest.mark.parametrize(
    ("release", "stood"),
    [
        (NEWEST, BACK),  # other bytes
        (NEWER, (RELEASE,)),  # never there
        (RELEASE, (RELEASE, NEWER, NEWEST, NEWER)),  # a way back
        (NEWER, (*BACK, NEWER)),  # the very same
        (NEWER.model_copy(update={"emergency": EMERGENCY}), BACK),
        (NEWER, (*BACK, NEWER.model_copy(update={"traffic": 10}))),  # begun by a person
    ],
)
def test_whatever_else_comes_is_everybodys(release: Release, stood: tuple[Release, ...]) -> None:
    assert said(bringing(release, *stood)) == ([], [])


def test_what_nobody_has_opened_yet_is_nobodys_word() -> None:
    assert said(bringing(NEWER, *BACK).model_copy(update={"pull_request": None})) == ([], [])


def test_the_moment_is_told_in_utc() -> None:
    there = datetime(2026, 11, 27, 18, 2, tzinfo=timezone(timedelta(hours=2)))
    assert told_of(there) == told_of(there.astimezone(UTC)) == "rolled back on 2026-11-27 16:02 UTC"
    assert told_of(None) == "rolled back"
