"""A signature names its columns on both sides."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from turnpike.manifest.signature import Column, Signature

COLUMN = Column(name="mean radius", type="double", minimum=0.0, maximum=40.0)


def test_columns_keep_their_order() -> None:
    second = Column(name="age", type="long", required=False)
    signature = Signature(inputs=(COLUMN, second), outputs=(COLUMN,))
    assert [column.name for column in signature.inputs] == ["mean radius", "age"]


@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_a_side_without_columns_is_refused(side: str) -> None:
    sides = {"inputs": (COLUMN,), "outputs": (COLUMN,)} | {side: ()}
    with pytest.raises(ValidationError):
        Signature.model_validate(sides)


def test_a_type_that_no_runtime_carries_is_refused() -> None:
    with pytest.raises(ValidationError):
        Column.model_validate({"name": "a", "type": "object"})


def test_bounds_between_which_no_value_lies_are_refused() -> None:
    assert Column(name="a", type="double", minimum=1.0, maximum=1.0).maximum == 1.0
    with pytest.raises(ValidationError, match=r"at most the maximum, 1\.0"):
        Column(name="a", type="double", minimum=1.5, maximum=1.0)


@pytest.mark.parametrize("side", ["inputs", "outputs"])
def test_a_column_that_is_there_twice_is_refused_by_its_name(side: str) -> None:
    again = Column(name="mean radius", type="long")
    sides = {"inputs": (COLUMN,), "outputs": (COLUMN,)} | {side: (COLUMN, again)}
    with pytest.raises(ValidationError, match="each column once, not mean radius 2 times"):
        Signature.model_validate(sides)
