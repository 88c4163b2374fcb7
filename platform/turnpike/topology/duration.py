"""How long an occurrence lasts: an RFC 5545 duration (section 3.3.6) in whole minutes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

LONGEST = timedelta(days=366)

_PATTERN = r"^P(?:(\d{1,3})W|(?:(\d{1,3})D)?(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?)$"
_DURATION = re.compile(_PATTERN, re.ASCII)
_WANTED = "a duration of a minute to 366 days, such as PT8H, PT90M, P1D or P2W"


@dataclass(frozen=True, slots=True)
class Duration:
    """Days of the calendar, which a change of clocks makes longer or shorter, and exact minutes."""

    days: int
    minutes: int

    @property
    def nominal(self) -> timedelta:
        """Return the length where no clock is changed."""
        return timedelta(days=self.days, minutes=self.minutes)


@cache
def duration_of(text: str) -> Duration:
    """Return what the text says; raises ValueError that tells what was expected."""
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(_WANTED)
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    found = Duration(weeks * 7 + days, hours * 60 + minutes)
    if not timedelta() < found.nominal <= LONGEST:
        raise ValueError(_WANTED)
    return found


def _readable(text: str) -> str:
    duration_of(text)
    return text


DurationText = Annotated[
    str,
    AfterValidator(_readable),
    WithJsonSchema({"type": "string", "pattern": _PATTERN, "description": _WANTED}),
]
