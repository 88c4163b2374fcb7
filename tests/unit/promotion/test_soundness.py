"""A quick look finds no version sound that a closer one would find anything against."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from turnpike.evidence.envelope import Envelope
from turnpike.promotion.soundness import AHEAD, Sounds, add_sounds, doubtful
from turnpike.topology.key import Key
from unit.judge.examples import NOW
from unit.promotion.findings import VALIDATOR, found
from unit.promotion.outlooks import stage
from unit.promotion.world import blob_of, version_of

DAY = timedelta(days=1)
MADE = version_of(1).artifact
assert MADE is not None
VERSION = (MADE.digest, blob_of(1))
DAYS = 365


def sounds(*offered: Envelope, key: Key = VALIDATOR.public, now: datetime = NOW) -> Sounds:
    looked: Sounds = {}
    add_sounds(looked, offered, [key], now)
    return looked


def is_doubtful(looked: Sounds, days: int | None = DAYS, now: datetime = NOW) -> bool:
    demanding = {"high": days, "low": 2 * days} if days else {}
    environment = stage("production", evidenceDays=demanding)
    return doubtful([VERSION], looked, [environment, stage("dev")], now) == {VERSION}


def test_clean_young_findings_need_no_closer_look() -> None:
    assert not is_doubtful(sounds(*found(1, NOW)))
    assert not is_doubtful(sounds(*found(1, NOW)), days=None)


@pytest.mark.parametrize("part", [0, 1])
def test_without_a_scan_or_a_run_it_does(part: int) -> None:
    assert is_doubtful(sounds(found(1, NOW)[part]))
    assert is_doubtful(sounds())


def test_so_does_anything_that_failed_and_anything_old() -> None:
    assert is_doubtful(sounds(*found(1, NOW), *found(1, NOW - DAY, passed=False)))
    assert is_doubtful(sounds(*found(1, NOW), *found(1, NOW - DAYS * DAY + AHEAD)))
    assert not is_doubtful(sounds(*found(1, NOW), *found(1, NOW - (DAYS - 1) * DAY + AHEAD)))


def test_the_strictest_environment_decides() -> None:
    looked = sounds(*found(1, NOW - 30 * DAY))
    assert not is_doubtful(looked, days=121)
    assert is_doubtful(looked, days=120)


def test_a_key_that_does_not_count_or_ends_soon_needs_a_closer_look() -> None:
    offered = found(1, NOW)
    revoked = VALIDATOR.public.model_copy(update={"revoked_at": NOW - DAY})
    ending = VALIDATOR.public.model_copy(update={"valid_until": NOW + AHEAD})
    other = VALIDATOR.public.model_copy(update={"id": "sha256:" + "0" * 64})
    for key in (revoked, ending, other):
        assert is_doubtful(sounds(*offered, key=key))


def test_what_is_no_base64_is_left_out() -> None:
    (scan, _) = found(1, NOW)
    broken = scan.model_copy(update={"payload": "no base64!"})
    assert sounds(broken) == {}
