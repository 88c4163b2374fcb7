"""IANA time zones by name, from the pinned ``tzdata`` package and never from the machine.

The same rule must give the same answer wherever a decision is replayed, so what an operating
system happens to know of time zones plays no part.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator


@cache
def zone_names() -> frozenset[str]:
    """Return every name of the IANA database, such as ``Europe/Berlin``."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


@cache
def zone(name: str) -> ZoneInfo:
    """Return a time zone; the name must be one of ``zone_names``."""
    with files("tzdata.zoneinfo").joinpath(*name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def _known(name: str) -> str:
    if name not in zone_names():
        raise ValueError("the name of an IANA time zone, such as Europe/Berlin or UTC")
    return name


ZoneName = Annotated[str, AfterValidator(_known)]
