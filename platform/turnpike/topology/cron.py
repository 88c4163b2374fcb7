"""A cron expression of five fields, as Debian's cron reads it (crontab(5)); cronsim parses it."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cronsim import CronSim

_WANTED = "five cron fields (minute hour day-of-month month day-of-week), such as 0 9 * * 1-5"
_STEPPED_RANGE = re.compile(r"(\w+)-(\w+)/0*[1-9]\d*", re.ASCII)
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_NAMED = {name: number for number, name in enumerate(_DAYS)} | {
    name: number for number, name in enumerate(_MONTHS, start=1)
}


@cache
def cron_of(text: str) -> CronSim:
    """Return the fields of an expression; raises ValueError that tells what was expected."""
    from cronsim import CronSim, CronSimError

    if len(text.split()) != 5:
        raise ValueError(_WANTED)
    # cronsim takes a range of one with a step for one without an end: 22-22/1 for 22-23.
    plain = _STEPPED_RANGE.sub(_without_step, text)
    try:
        return CronSim(plain, datetime(2000, 1, 1))  # noqa: DTZ001 (only the fields are read)
    except CronSimError as error:
        raise ValueError(f"{_WANTED} ({str(error).lower()})") from error


def _without_step(match: re.Match[str]) -> str:
    """Return the one value of a range of one; any other range as it stands."""
    return match[1] if _value(match[1]) == _value(match[2]) else match[0]


def _value(text: str) -> int | str:
    """Return what a number or a name stands for; a text that is neither for itself."""
    return int(text) if text.isdigit() else _NAMED.get(text.upper(), text)
