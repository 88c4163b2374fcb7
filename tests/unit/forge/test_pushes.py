from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.errors import CannotDecide, Unavailable
from turnpike.forge.answers import NotThere
from turnpike.forge.pushes import Pushed, as_far_as_told, pushers_of

MADE = Pushed("maria", None, "a")
MOVED = Pushed("tom", "a", "b")
AGAIN = Pushed("maria", "b", "c")


def test_all_who_moved_a_branch_are_told_in_order_and_once() -> None:
    assert pushers_of("c", [AGAIN, MOVED, MADE]) == ("maria", "tom")


def test_later_pushes_are_left_aside() -> None:
    assert pushers_of("a", [MOVED, MADE]) == ("maria",)
    assert pushers_of("b", [AGAIN, MOVED, MADE]) == ("maria", "tom")


def test_nobody_is_told_where_the_head_was_not_pushed() -> None:
    assert pushers_of("x", [AGAIN, MOVED, MADE]) == ()
    assert pushers_of("a", []) == ()


def test_nobody_is_told_where_a_push_is_missing_between() -> None:
    assert pushers_of("c", [AGAIN, MADE]) == ()
    assert pushers_of("c", [AGAIN, MOVED]) == ()


def test_nobody_is_told_where_one_of_them_is_gone() -> None:
    assert pushers_of("c", [AGAIN, Pushed(None, "a", "b"), MADE]) == ()


def test_nobody_is_told_after_a_move_of_many_branches_at_once() -> None:
    assert pushers_of("c", [AGAIN, Pushed("tom", None, None), MADE]) == ()


def test_a_branch_that_went_back_and_forth_is_followed() -> None:
    back = Pushed("nora", "b", "a")
    assert pushers_of("a", [back, MOVED, MADE]) == ("maria", "tom", "nora")


@given(st.lists(st.sampled_from(["maria", "tom", "nora"]), min_size=1, max_size=8), st.data())
def test_whoever_is_left_out_of_the_pushes_takes_all_others_along(
    who: list[str], data: st.DataObject
) -> None:
    pushes = [
        Pushed(name, None if index == 0 else str(index - 1), str(index))
        for index, name in enumerate(who)
    ][::-1]
    head = str(len(who) - 1)
    assert set(pushers_of(head, pushes)) == set(who)
    missing = data.draw(st.integers(0, len(who) - 1))
    assert pushers_of(head, pushes[:missing] + pushes[missing + 1 :]) == ()


def test_what_the_host_does_not_show_is_told_by_nobody_and_stops_nothing() -> None:
    """A fork that the bot may not read would else be asked for without an end."""

    def shown(failure: CannotDecide) -> Iterator[Pushed]:
        yield MOVED
        raise failure

    refused = CannotDecide("status 403", code="forge.refused")
    for failure in (refused, NotThere("events")):
        assert pushers_of("b", as_far_as_told(shown(failure))) == ()
    with pytest.raises(Unavailable):
        list(as_far_as_told(shown(Unavailable("down"))))
