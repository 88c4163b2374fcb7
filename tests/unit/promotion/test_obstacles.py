"""What stands before a move until somebody acts, each with its code and a way."""

from __future__ import annotations

import pytest

from turnpike.promotion.brief import Brief
from turnpike.promotion.move import Move
from unit.judge.examples import model
from unit.promotion.outlooks import ROAD, Main, codes

BRIEF = Brief.of(model())


def first(**fields: object) -> Move:
    changed = BRIEF.model_copy(update=fields)
    return Main(briefs={1: changed}).move("dev")


def test_a_draft_is_not_released() -> None:
    move = first(version=None, artifact=None)
    assert codes(move) == ["draft"]
    assert "turnpike register models/oncology/triage" in move.blockers[0].solution


def test_a_retired_model_goes_nowhere() -> None:
    assert codes(first(lifecycle="retired")) == ["model-retired"]


def test_a_deprecated_model_goes_to_no_new_place() -> None:
    assert codes(first(lifecycle="deprecated")) == ["model-deprecated"]
    deprecated = BRIEF.model_copy(update={"lifecycle": "deprecated"})
    there = Main(serves={"dev": 2}, briefs={1: deprecated})
    assert there.move("dev").can_now


def test_what_main_says_now_counts_for_what_was_released_before() -> None:
    retired = BRIEF.model_copy(update={"lifecycle": "retired"})
    main = Main(manifest=2, serves={"dev": 1}, briefs={2: retired})
    assert codes(main.move("staging")) == ["model-retired"]


def test_a_manifest_that_nobody_can_read_is_named() -> None:
    move = Main(manifest=9).move("dev")
    assert codes(move) == ["manifest-unreadable"]
    assert move.version is None


def test_without_a_manifest_there_is_nothing_to_release() -> None:
    assert codes(Main(manifest=None, serves={"staging": 1}).move("dev")) == ["no-manifest"]


@pytest.mark.parametrize("name", sorted(ROAD))
def test_every_blocker_says_what_to_do(name: str) -> None:
    for move in (Main().move(name), Main(serves={name: 1}).move(name)):
        assert all(blocker.says and blocker.solution for blocker in move.blockers)
