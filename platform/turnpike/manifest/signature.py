"""The contract of a model's input and output."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

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


class Signature(Part):
    """Named columns in, named columns out, in the order in which the model takes them."""

    inputs: tuple[Column, ...] = Field(min_length=1)
    outputs: tuple[Column, ...] = Field(min_length=1)
