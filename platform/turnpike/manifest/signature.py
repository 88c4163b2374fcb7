"""The contract of a model's input and output."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import Field, field_validator, model_validator

from turnpike.documents.document import Part
from turnpike.documents.identifiers import ShortText

ColumnType = Literal["double", "long", "boolean", "string"]


class Column(Part):
    """One named input or output; a bound is inclusive and in the unit of the column."""

    name: ShortText
    type: ColumnType
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None

    @model_validator(mode="after")
    def _has_room_between_its_bounds(self) -> Column:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"a minimum of at most the maximum, {self.maximum}")
        return self


class Signature(Part):
    """Named columns in, named columns out, in the order in which the model takes them."""

    inputs: tuple[Column, ...] = Field(min_length=1)
    outputs: tuple[Column, ...] = Field(min_length=1)

    @field_validator("inputs", "outputs")
    @classmethod
    def _are_told_apart(cls, columns: tuple[Column, ...]) -> tuple[Column, ...]:
        """A value is found by its column's name, of which there must be one."""
        counted = Counter(column.name for column in columns)
        for name, times in counted.items():
            if times > 1:
                raise ValueError(f"each column once, not {name} {times} times")
        return columns
