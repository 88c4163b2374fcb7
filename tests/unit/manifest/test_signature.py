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
