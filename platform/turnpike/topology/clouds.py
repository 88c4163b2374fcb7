"""What clouds are, and where they may differ: ``environments/clouds.yaml``.

A cloud or a region is an entry here and a target of an environment. What one manifest renders to
may differ between targets only where an entry says so, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, TypeAdapter, field_validator

from turnpike.documents.document import Document, Part
from turnpike.documents.identifiers import Name, ShortText

Capability: TypeAlias = Literal["identity", "egress", "nodeSelector", "accelerators"]
TargetText: TypeAlias = Literal["name", "region", "cluster", "residency", "storage", "images"]
PathText = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z*]+(\.[A-Za-z0-9_*-]+|\[[^\[\]]+\])*$", max_length=200)
]
Price: TypeAlias = Annotated[float, Field(ge=0, le=100_000)]
Scheme = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*$")]

CLOUDS_WITHOUT_FILE = ("aws", "azure", "gcp", "local")
"""The clouds of a monorepo that has no ``environments/clouds.yaml``."""

_STEP = re.compile(r"\.?([A-Za-z0-9_*-]+)|\[([^\[\]]+)\]")


class Prices(Part):
    """What one hour costs in a cloud, in the currency of the file.

    ``cpu_hour`` of one core, ``memory_hour`` of one GiB, ``accelerator_hour`` of one accelerator by
    its kind.
    """

    cpu_hour: Price
    memory_hour: Price
    accelerator_hour: dict[Name, Price] = Field(default_factory=dict)


class CloudKind(Part):
    """One cloud: its regions with the residency of each, and what its targets must have.

    ``storage`` are the schemes of its stores' addresses, ``requires`` what every target must say,
    ``lacks`` what a model may ask for in vain there. Where ``prices`` are not known, nothing there
    is reckoned.
    """

    name: Name
    regions: dict[ShortText, ShortText] = Field(min_length=1)
    storage: tuple[Scheme, ...] = Field(min_length=1)
    requires: tuple[Capability, ...] = ()
    lacks: tuple[Literal["accelerators"], ...] = ()
    prices: Prices | None = None


class MayDiffer(Part):
    """A place in a rendered object, with all below it: ``Kind.field[key or name or number].field``.

    ``*`` stands for any one step, ``[1..]`` for any number from 1. With ``only``, nothing but that
    text of the target may differ there.
    """

    path: PathText
    only: TargetText | None = None

    def steps(self) -> tuple[str, ...]:
        """Return the path's steps, the kind first."""
        return tuple(plain or key for plain, key in _STEP.findall(self.path))


class Concern(Part):
    """One thing that clouds do differently: why, and where that shows."""

    name: Name
    reason: ShortText
    paths: tuple[MayDiffer, ...] = Field(min_length=1)


class Clouds(Document):
    """All clouds, and every difference between what one manifest renders to on each."""

    kind: Literal["Clouds"]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "EUR"
    clouds: tuple[CloudKind, ...] = Field(min_length=1)
    concerns: tuple[Concern, ...]

    @field_validator("clouds", "concerns")
    @classmethod
    def _names_each_once(
        cls, entries: tuple[CloudKind | Concern, ...]
    ) -> tuple[CloudKind | Concern, ...]:
        names = [entry.name for entry in entries]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice:
            raise ValueError(f"each name once: {twice} stands twice")
        return entries

    def cloud(self, name: str) -> CloudKind | None:
        """Return the cloud of that name."""
        return next((cloud for cloud in self.clouds if cloud.name == name), None)

    def differences(self) -> Iterator[MayDiffer]:
        """Yield every declared difference."""
        for concern in self.concerns:
            yield from concern.paths


def names_of(clouds: Clouds | None) -> Sequence[str]:
    """Return the names of all clouds, sorted."""
    return CLOUDS_WITHOUT_FILE if clouds is None else sorted(one.name for one in clouds.clouds)


CLOUDS: TypeAdapter[Clouds] = TypeAdapter(Clouds)
