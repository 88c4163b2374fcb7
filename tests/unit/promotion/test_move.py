"""A move can go when nothing but approvals is in its way."""

from __future__ import annotations

from dataclasses import replace

from unit.promotion.outlooks import Main, stop

MOVE = Main().move("dev")


def test_what_nothing_stands_before_can_go_now() -> None:
    assert MOVE.can_now
    blocked = Main(stops=(stop("outage"),)).move("dev")
    assert not blocked.can_now
    assert blocked.stopped_by("line-stopped")
    assert not blocked.stopped_by("soak-incomplete")


def test_a_move_is_the_same_one_later_unless_it_moves_other_bytes() -> None:
    assert replace(MOVE, earliest=None).name == MOVE.name
    assert Main(manifest=2).move("dev").name != MOVE.name
