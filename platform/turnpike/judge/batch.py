"""A batch of inputs as text, in which the change that they are about is said once.

The change names every path that it touches, and each of its subjects has an input with all of them:
written out, a batch would grow with the square of the change.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter

from turnpike.judge.policy_input import PolicyInput

_INPUTS: TypeAdapter[tuple[PolicyInput, ...]] = TypeAdapter(tuple[PolicyInput, ...])
_NUMBERS: TypeAdapter[tuple[int, ...]] = TypeAdapter(tuple[int, ...])


def batch_json(batch: Sequence[PolicyInput]) -> bytes:
    """Return ``{"changes": […], "of": […], "own": […]}``: nothing of the inputs is left out.

    ``own`` are the inputs without their change, ``of`` the places of what they lack in ``changes``.
    """
    inputs = tuple(batch)
    by_change = {id(one.change): one for one in inputs}
    places = {mark: place for place, mark in enumerate(by_change)}
    each = tuple(by_change.values())
    said = _INPUTS.dump_json(each, by_alias=True, include={"__all__": {"change"}})
    numbers = _NUMBERS.dump_json(tuple(places[id(one.change)] for one in inputs))
    own = _INPUTS.dump_json(inputs, by_alias=True, exclude={"__all__": {"change"}})
    return b'{"changes":%b,"of":%b,"own":%b}' % (said, numbers, own)
