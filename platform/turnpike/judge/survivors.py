"""Mutants of policies that no test can kill, each with its reason."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, TypeAdapter

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import PlainText


class Survivor(Part):
    """One mutant of a rule, by what was changed into what, and why nothing can notice."""

    rule: str = Field(min_length=1, max_length=100)
    mutation: Literal[
        "drop rule",
        "flip comparison",
        "negate condition",
        "remove condition",
        "change constant",
    ]
    before: str = Field(min_length=1, max_length=500)
    after: str = Field(default="", max_length=500)
    reason: PlainText


class Survivors(Document):
    """All mutants that may live."""

    kind: Literal["Survivors"]
    survivors: tuple[Survivor, ...]


SURVIVORS: TypeAdapter[Survivors] = TypeAdapter(Survivors)
