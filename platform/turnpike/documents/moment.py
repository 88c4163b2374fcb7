"""Instants as documents say them, of years in which they can be reckoned with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(2200, 1, 1, tzinfo=UTC)


def _within_reach(moment: datetime) -> datetime:
    """Return an instant; near the ends of the calendar no other zone or later day has a name."""
    if not _FIRST <= moment < _END:
        raise ValueError("a time of the years 1970 to 2199 in UTC")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within_reach)]
"""A time with its offset from UTC, of the years that schedules speak of."""
