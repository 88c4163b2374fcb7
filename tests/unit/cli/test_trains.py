"""A train carries what can go, refuses what never can, and closes nobody else's change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from turnpike.cli.promoting import Settled
from turnpike.cli.trains import DrawnUp, departed, drawn_up
from turnpike.cli.wiring import House, now
from turnpike.errors import InputError
from turnpike.promotion.move import Move
from unit.instance.aurora import Aurora
from unit.promotion.passengers import blocker, move

BOT = "turnpike-bot"
STOPPED = move("triage", blocker("stopped"))


@pytest.fixture
def house(aurora: Aurora) -> House:
    return House(aurora.instance)


def settled(house: House, *moves: Move, asked: bool = False) -> Settled:
    return Settled(house.main, now(), moves, tuple(one.model for one in moves) if asked else ())


@pytest.mark.parametrize("anyway", [True, False])
@pytest.mark.parametrize("together", [True, False])
def test_nothing_to_move_is_no_train(house: House, anyway: bool, together: bool) -> None:
    drawn = drawn_up(house, settled(house), (), anyway=anyway, together=together)
    assert (drawn.trains, dict(drawn.dropped)) == ((), {})


def test_what_waits_does_not_ride_unless_it_is_let_wait(house: House) -> None:
    drawn = drawn_up(house, settled(house, STOPPED), (), anyway=False, together=False)
    assert drawn.trains == ()
    with pytest.raises(InputError) as refused:  # it rides, and the plan says why it cannot go
        drawn_up(house, settled(house, STOPPED), (), anyway=True, together=False)
    assert refused.value.code == "promotion.no-source"


def test_what_was_asked_for_and_never_can_go_is_refused_and_not_silently_left_out(
    house: House,
) -> None:
    lost = settled(house, replace(STOPPED, version=None), asked=True)
    with pytest.raises(InputError) as refused:
        drawn_up(house, lost, (), anyway=False, together=False)
    assert refused.value.code == "promotion.no-source"


def test_trains_that_depart_close_no_change_that_is_no_train(aurora: Aurora, house: House) -> None:
    number, _ = aurora.opened("no-train")
    assert departed(house, BOT, settled(house, STOPPED), DrawnUp(())) == ()
    states = {one.number: one.state for one in aurora.forge().pull_requests()}
    assert states[number] == "open"
