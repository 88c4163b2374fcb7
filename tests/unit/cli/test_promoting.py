"""What is promoted is one move a model, and what waits is never counted among what goes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from turnpike.cli.promoting import Settled, agreed, chosen_of
from turnpike.cli.wiring import House
from turnpike.errors import UsageError
from turnpike.judge.layout import ModelKey
from turnpike.promotion.outlook import Asking
from unit.instance.aurora import Aurora
from unit.judge.examples import BASE, NOW
from unit.promotion.passengers import blocker, move

GOES = move("goes")
WAITS = move("waits", blocker("freeze", NOW))
NEVER = move("never", blocker("stopped"))
THERE = move("there", blocker("nothing-new"))
NO_SUCH = Asking(models=(ModelKey("oncology", "no-such"),), environment="staging")
BOTH = move("both", blocker("nothing-new"), blocker("freeze", NOW))


def test_every_move_goes_waits_or_is_there_already() -> None:
    settled = Settled(BASE, NOW, (GOES, WAITS, NEVER, THERE, BOTH))
    assert settled.ready == (GOES,)
    assert settled.waiting == (WAITS, NEVER)


def test_nothing_is_agreed_on_an_instance_without_models(aurora: Aurora) -> None:
    house = House(aurora.instance)
    settled = agreed(house, Asking(environment="staging"), None)
    assert (settled.main, settled.moves, settled.asked) == (aurora.main(), (), ())


@pytest.mark.parametrize("origin", [None, "dev"])
def test_a_model_that_main_does_not_have_never_goes(aurora: Aurora, origin: str | None) -> None:
    settled = agreed(House(aurora.instance), NO_SUCH, origin)
    assert settled.ready == ()
    assert {move.model for move in settled.moves} <= set(NO_SUCH.models)


def test_a_stage_that_does_not_serve_a_model_is_no_origin_of_it(aurora: Aurora) -> None:
    told = "--from moon: expected a stage that staging promotes from, and that serves oncology/no"
    with pytest.raises(UsageError, match=told):
        agreed(House(aurora.instance), NO_SUCH, "moon")


def test_of_a_group_only_what_could_move_is_told_beside_what_was_asked_for() -> None:
    """A member that was retired everywhere stays behind nobody's promotion."""
    nowhere = replace(move("nowhere", blocker("stages-missing")), version=None)
    asking = Asking(models=(GOES.model,), environment="staging")
    assert chosen_of((GOES, nowhere, WAITS), asking, None) == (GOES, WAITS)
    by_name = replace(asking, models=(GOES.model, nowhere.model))
    assert chosen_of((GOES, nowhere), by_name, None) == (GOES, nowhere)
    assert chosen_of((GOES, nowhere), Asking(environment="staging"), None) == (GOES,)
