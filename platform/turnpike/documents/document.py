"""The one configuration that every document shares."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

API_VERSION = "turnpike.dev/v1"


class Part(BaseModel):
    """A frozen piece of a document: unknown fields, loose types, NaN and infinity are refused."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        defer_build=True,
    )


class Document(Part):
    """A whole file: what it is stands in its first two fields.

    Built when it is defined, so that adapters and facts that hold it use what is built; parts are
    built into what holds them.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(defer_build=False)

    api_version: Literal["turnpike.dev/v1"]
    kind: str
