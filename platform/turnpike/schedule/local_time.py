"""Local times to instants, also where clocks are changed.

By RFC 5545, sections 3.3.5 and 3.3.10: a local time that occurs twice is its first occurrence, and
one that does not occur is read with the offset before the gap, so 02:30 becomes 03:30. A cron
expression that repeats within a day follows the clock's face instead, as cron does: it happens in
both passes of a repeated hour, and not at all in a skipped one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def instant_of(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the one instant, in UTC, that a local time means."""
    return local.replace(tzinfo=zone).astimezone(UTC)


def local_times_of(instant: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return every local time that means the instant: what clocks show, and what they skipped."""
    shown = instant.astimezone(zone).replace(tzinfo=None)
    # No gap is longer than a day: the offset of the day before is the one before the gap.
    unchanged = (instant - _DAY).astimezone(zone).replace(tzinfo=None) + _DAY
    both = dict.fromkeys((shown, unchanged))
    return tuple(local for local in both if instant_of(local, zone) == instant)


def passes_of(local: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return every instant, in UTC, at which the clocks of the zone show the local time."""
    first, second = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
    before, after = first.utcoffset(), second.utcoffset()
    if before == after:
        return (first.astimezone(UTC),)
    if before is None or after is None or before < after:
        return ()
    return (first.astimezone(UTC), second.astimezone(UTC))
