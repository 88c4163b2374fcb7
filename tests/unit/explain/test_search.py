"""The search finds irredundant sets, and smallest ones where few items are known."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.explain.search import Items, irredundant, smallest

NUMBERS = st.integers(0, 6)
ENOUGH = st.lists(st.frozensets(NUMBERS, min_size=1, max_size=4), min_size=1, max_size=4)


class Door:
    """Opens to every set that holds one of the keys and nothing that jams it."""

    def __init__(self, keys: list[Items], jams: Items = frozenset()) -> None:
        self.keys, self.jams = keys, jams

    def __call__(self, sets: Sequence[Items]) -> list[bool]:
        return [any(k <= one for k in self.keys) and not one & self.jams for one in sets]


def without_one(items: Items) -> list[Items]:
    return [items - {item} for item in items]


@settings(deadline=None)
@given(ENOUGH, st.frozensets(NUMBERS))
def test_what_is_found_passes_and_loses_that_by_the_loss_of_any_item(
    keys: list[Items], more: Items
) -> None:
    door = Door(keys)
    found = irredundant(keys[0] | more, door)
    assert door([found.items]) == [True]
    assert not any(door(without_one(found.items)))


@settings(deadline=None)
@given(ENOUGH, st.frozensets(NUMBERS))
def test_of_few_items_the_smallest_set_is_found(keys: list[Items], helpful: Items) -> None:
    door = Door(keys)
    universe = frozenset[int]().union(*keys)
    found = smallest(irredundant(universe, door), universe, helpful, door)
    assert found.is_smallest
    assert len(found.items) == min(len(key) for key in keys)


@settings(deadline=None)
@given(ENOUGH, st.frozensets(NUMBERS, max_size=2))
def test_an_item_that_does_harm_is_left_out(keys: list[Items], jams: Items) -> None:
    door = Door(keys, jams)
    passing = [key for key in keys if door([key])[0]]
    universe = frozenset[int]().union(*keys, jams)
    for start in passing:
        found = smallest(irredundant(start, door), universe, universe - jams, door)
        assert door([found.items]) == [True]
        assert not any(door(without_one(found.items)))
        sizes = range(len(found.items))
        assert not any(
            any(door([frozenset(c) for c in combinations(universe, n)] or [])) for n in sizes
        )


@settings(deadline=None)
@given(st.data(), st.integers(1, 5))
def test_whatever_the_items_do_to_each_other_a_smallest_set_is_one(
    data: st.DataObject, number: int
) -> None:
    """Each subset passes or fails as it likes, but nothing, which is the denial itself, fails."""
    everything = [
        frozenset(c) for n in range(1, number + 1) for c in combinations(range(number), n)
    ]
    passing = data.draw(st.sets(st.sampled_from(everything), min_size=1))

    def door(sets: Sequence[Items]) -> list[bool]:
        return [one in passing for one in sets]

    start = data.draw(st.sampled_from(sorted(passing, key=sorted)))
    first = irredundant(start, door)
    assert door([first.items]) == [True]
    assert not any(door(without_one(first.items)))
    found = smallest(first, frozenset(range(number)), frozenset(), door)
    assert door([found.items]) == [True]
    assert found.is_smallest
    assert len(found.items) == min(map(len, passing))


def test_items_that_are_each_needed_beside_the_others_can_all_be_spared_together() -> None:
    """Of two files that are wrong only beside each other, and their mending, one may be enough."""
    everything, enough = frozenset((0, 1, 2)), frozenset((0,))

    def door(sets: Sequence[Items]) -> list[bool]:
        return [one in {everything, enough} for one in sets]

    first = irredundant(everything, door)
    assert first.items == everything
    assert smallest(first, everything, frozenset(), door).items == enough


def test_of_many_items_an_irredundant_set_is_found_and_not_called_the_smallest() -> None:
    keys = [frozenset(range(9)), frozenset((20,))]
    universe = frozenset(range(21))
    found = smallest(irredundant(keys[0], Door(keys)), universe, universe, Door(keys))
    assert found.items == keys[0]
    assert not found.is_smallest


def test_twenty_spare_items_are_dropped() -> None:
    door = Door([frozenset((3, 11))])
    assert irredundant(frozenset(range(22)), door).items == {3, 11}


def test_what_helps_is_not_tried_in_all_its_subsets() -> None:
    """Of seven items of which six only help, no more sets are asked about than say so."""
    everything, asked = frozenset(range(7)), set[Items]()

    def door(sets: Sequence[Items]) -> list[bool]:
        asked.update(sets)
        return [one == everything for one in sets]

    found = smallest(irredundant(everything, door), everything, everything - {3}, door)
    assert found.items == everything
    assert found.is_smallest
    assert len(asked) <= 15
