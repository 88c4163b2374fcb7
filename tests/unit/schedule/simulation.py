"""A naive oracle: it walks the clock minute by minute and knows nothing of how answers are found.

For each entry it looks at what a wall clock of the zone shows at every minute of UTC, and asks a
predicate whether something starts there. Where the clock jumps forward, the minutes that it never
showed are asked as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from turnpike.topology.zone import zone

MINUTE = timedelta(minutes=1)
Starts = Callable[[datetime], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """What starts when, in words of the oracle: a predicate on local time, and how long it lasts.

    ``both`` tells that it follows the clock's face; ``days`` are local, ``minutes`` exact. Of what
    the predicate names from the instant ``since`` on, ``count`` instants are meant; those at the
    local times of ``added`` come besides, and those at ``removed`` are taken away.
    """

    starts: Starts
    both: bool
    days: int
    minutes: int
    count: int | None = None
    since: datetime | None = None
    added: frozenset[datetime] = frozenset()
    removed: frozenset[datetime] = frozenset()


@cache
def shown(name: str, lower: datetime, upper: datetime) -> list[tuple[datetime, datetime, bool]]:
    """Return (instant, local time, first pass) for every minute from lower to upper."""
    place, minutes = zone(name), int((upper - lower) / MINUTE)
    instants = (lower + number * MINUTE for number in range(minutes))
    clocks = ((instant, instant.astimezone(place)) for instant in instants)
    return [
        (instant, local.replace(tzinfo=None, fold=0), not local.fold) for instant, local in clocks
    ]


def minutes_held(rule: Rule, name: str, lower: datetime, upper: datetime) -> set[datetime]:
    """Return the minutes of [lower, upper) in which the rule holds."""
    reach = timedelta(days=rule.days + 2, minutes=rule.minutes)
    first = min(lower - reach, rule.since or upper)
    held: set[datetime] = set()
    removed = {instant for local, instant in _walk(rule, name, first, upper, rule.removed)}
    counted: set[datetime] = set()
    for local, instant in _walk(rule, name, first, upper):
        is_meant = rule.starts(local) and (instant in counted or len(counted) != rule.count)
        counted |= {instant} if is_meant else set()
        if (is_meant or local in rule.added) and instant not in removed:
            held |= _lasting(rule, name, local, instant)
    return {minute for minute in held if lower <= minute < upper}


def _walk(
    rule: Rule, name: str, lower: datetime, upper: datetime, only: frozenset[datetime] | None = None
) -> Iterator[tuple[datetime, datetime]]:
    """Yield (local time, instant) as the clock shows them, with what it skips where it jumps."""
    before: tuple[datetime, datetime] | None = None
    for instant, local, first in shown(name, lower, upper):
        if before and local - before[1] > MINUTE and not rule.both:
            missing = before[1] + MINUTE
            while missing < local:
                if only is None or missing in only:
                    yield missing, before[0] + (missing - before[1])
                missing += MINUTE
        if (first or rule.both) and (only is None or local in only):
            yield local, instant
        before = (instant, local)


def _lasting(rule: Rule, name: str, local: datetime, start: datetime) -> set[datetime]:
    end = start
    if rule.days:
        end = _when(zone(name), local + timedelta(days=rule.days), start)
    end += rule.minutes * MINUTE
    held, minute = set(), start
    while minute < end:
        held.add(minute)
        minute += MINUTE
    return held


def _when(place: ZoneInfo, local: datetime, after: datetime) -> datetime:
    """Walk until the clock shows the local time, or has jumped past it."""
    minute = after + (local - after.astimezone(place).replace(tzinfo=None)) - timedelta(hours=30)
    before = minute.astimezone(place).replace(tzinfo=None)
    while True:
        now = minute.astimezone(place).replace(tzinfo=None)
        if now == local:
            return minute
        if before < local < now:
            return minute - MINUTE + (local - before)
        before, minute = now, minute + MINUTE


def at_minute(text: str) -> datetime:
    """Return an instant of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
