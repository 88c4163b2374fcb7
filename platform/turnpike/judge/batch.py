"""A batch of inputs as text, in which the change that they are about is said once.

The change names every path that it touches, and each of its subjects has an input with all of them:
written out, a batch would grow with the square of the change.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import TypeAdapter

from turnpike.judge.policy_input import ChangeInput, PolicyInput

_CHANGES: TypeAdapter[tuple[ChangeInput, ...]] = TypeAdapter(tuple[ChangeInput, ...])
_INPUTS: TypeAdapter[tuple[PolicyInput, ...]] = TypeAdapter(tuple[PolicyInput, ...])
_NUMBERS: TypeAdapter[tuple[int, ...]] = TypeAdapter(tuple[int, ...])


def batch_json(batch: Sequence[PolicyInput]) -> bytes:
    """Return ``{"changes": […], "of": […], "own": […]}``: nothing of the inputs is left out.

    ``own`` are the inputs without their change, ``of`` the places of their changes in ``changes``.
    """
    inputs = tuple(batch)
    changes = {id(one.change): one.change for one in inputs}
    places = {mark: place for place, mark in enumerate(changes)}
    said = _CHANGES.dump_json(tuple(changes.values()), by_alias=True)
    numbers = _NUMBERS.dump_json(tuple(places[id(one.change)] for one in inputs))
    own = _INPUTS.dump_json(inputs, by_alias=True, exclude={"__all__": {"change"}})
    return b'{"changes":%b,"of":%b,"own":%b}' % (said, numbers, own)
