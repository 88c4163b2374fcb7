"""How far apart the starts of a recurrence are at the most, where that holds for ever."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

_DAY = timedelta(days=1)
_MONDAY = date(2001, 1, 1)


@dataclass(frozen=True, slots=True)
class Spacing:
    """From ``begin`` on, every stretch of the clock's face as long as ``longest`` has a start."""

    begin: datetime
    longest: timedelta


def weekly_spacing(
    begin: datetime, matches: Callable[[date], bool], times: Sequence[time], skipped: int = 0
) -> Spacing | None:
    """Return the spacing of starts at the same times, in order, of each day that matches.

    Every week has the same days. ``skipped`` is how many days are left out besides in one place,
    at the most. None where nothing matches, or no time is named.
    """
    days = [number for number in range(7) if matches(_MONDAY + number * _DAY)]
    if not days or not times:
        return None
    apart = max(later - earlier for earlier, later in pairwise((*days, days[0] + 7)))
    clock = [timedelta(hours=at.hour, minutes=at.minute) for at in times]
    over_night = clock[0] + (apart + skipped) * _DAY
    return Spacing(begin, max(later - earlier for earlier, later in pairwise((*clock, over_night))))
