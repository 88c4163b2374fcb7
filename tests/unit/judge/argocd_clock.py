"""Whether Argo CD would sync an Application by itself at an instant, by its project's text alone.

It follows ``SyncWindows.CanSync`` and ``InlineSyncWindow.active`` of Argo CD 3.6.1 and ``Next`` of
robfig's cron, as they are written there, and shares nothing with what derives the windows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import yaml

_BOUNDS = {
    "minutes": (0, 59), "hours": (0, 23), "dates": (1, 31), "months": (1, 12), "weekdays": (0, 6),
}  # fmt: skip
_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


_known: dict[str, tuple[datetime, datetime]] = {}
"""By its expression: an instant, and the first start after it; both are the last that were met."""


@dataclass(frozen=True)
class Spec:
    """A schedule as robfig's parser reads it; ``starred`` fields join, others are either."""

    minutes: frozenset[int]
    hours: frozenset[int]
    dates: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    starred: bool

    def next(self, after: datetime) -> datetime:
        """Return the first start later than an instant; nothing rarer than five years counts."""
        moment = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
        limit = moment.year + 5
        while moment.year <= limit:
            if moment.month not in self.months or not self._matches_day(moment):
                moment = (moment + timedelta(days=1)).replace(hour=0, minute=0)
            elif moment.hour not in self.hours:
                moment = (moment + timedelta(hours=1)).replace(minute=0)
            elif moment.minute not in self.minutes:
                moment += timedelta(minutes=1)
            else:
                return moment
        raise AssertionError("a time that never comes: Argo CD takes such a window for active")

    def _matches_day(self, day: datetime) -> bool:
        date, weekday = day.day in self.dates, day.isoweekday() % 7 in self.weekdays
        return (date and weekday) if self.starred else (date or weekday)


@cache
def spec_of(expression: str) -> Spec:
    """Read five fields; only the forms that are written: a star, numbers, ranges, lists."""
    fields = expression.split()
    assert len(fields) == 5, expression
    sets = {name: _values(text, *_BOUNDS[name]) for name, text in zip(_BOUNDS, fields, strict=True)}
    starred = "*" in (fields[2], fields[4])
    return Spec(
        sets["minutes"], sets["hours"], sets["dates"], sets["months"], sets["weekdays"], starred
    )


def _values(text: str, lowest: int, highest: int) -> frozenset[int]:
    if text == "*":
        return frozenset(range(lowest, highest + 1))
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    assert all(lowest <= one <= highest for one in found), text
    return frozenset(found)


@cache
def windows_in(project: str) -> list[Mapping[str, Any]]:
    """Return the sync windows of a project's text."""
    return yaml.safe_load(project)["spec"].get("syncWindows", [])  # type: ignore[no-any-return]


def syncs(project: str, application: str, at: datetime, *, manual: bool = False) -> bool:
    """Tell whether Argo CD would sync, by itself or because somebody asks, just after ``at``."""
    windows = [
        one
        for one in windows_in(project)
        if any(fnmatchcase(application, glob) for glob in one["applications"])
    ]
    active = [one for one in windows if is_active(one, at)]
    denying = [one for one in active if one["kind"] == "deny"]
    if denying:
        return manual and all(one["manualSync"] for one in denying)
    if any(one["kind"] == "allow" for one in active):
        return True
    allowing = [one for one in windows if one["kind"] == "allow"]
    return not allowing or (manual and all(one["manualSync"] for one in allowing))


def is_active(window: Mapping[str, Any], at: datetime) -> bool:
    """Tell whether a window is active just after ``at``: by the offset that its zone has then."""
    offset = at.astimezone(ZoneInfo(window["timeZone"])).utcoffset() or timedelta()
    now = at.astimezone(UTC).replace(tzinfo=None) + offset + timedelta(seconds=1)
    hours, minutes, seconds = (int(part or 0) for part in _length(window["duration"]))
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return _next(window["schedule"], now - length) < now


def _next(expression: str, after: datetime) -> datetime:
    begin, following = _known.get(expression, (after, after))
    if not begin <= after < following:
        begin, following = _known[expression] = (after, spec_of(expression).next(after))
    return following


def _length(text: str) -> tuple[str, ...]:
    match = _DURATION.fullmatch(text)
    assert match, text
    return match.groups()
