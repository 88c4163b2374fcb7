"""Moments and counts as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from turnpike.topology.zone import zone

_MINUTE = timedelta(minutes=1)
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def spoken(moment: datetime, now: datetime, name: str = "UTC") -> str:
    """Return a moment in a zone, such as ``2026-12-01 06:00 Europe/Berlin``; today, its time alone.

    A moment within a minute is the next one: nothing is told to be sooner than it is.
    """
    local = whole_minute(moment).astimezone(zone(name))
    is_today = local.date() == now.astimezone(zone(name)).date()
    return f"{local:%H:%M} {name}" if is_today else f"{local:%Y-%m-%d %H:%M} {name}"


def whole_minute(moment: datetime) -> datetime:
    """Return the first whole minute at or after a moment."""
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + _MINUTE


def past(moment: datetime, now: datetime) -> str:
    """Return a moment that has been, in UTC; today, its time alone."""
    at = moment.astimezone(UTC)
    is_today = at.date() == now.astimezone(UTC).date()
    return f"{at:%H:%M} UTC" if is_today else f"{at:%Y-%m-%d %H:%M} UTC"


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, such as ``one approval`` or ``two approvals``."""
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} {noun}" if count == 1 else f"{number} {noun}s"
