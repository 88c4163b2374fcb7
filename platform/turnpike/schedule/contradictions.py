"""What a schedule says against itself: entries that its schema lets pass and nobody can mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from turnpike.schedule.occurrences import Occurrences, occurrences_of
from turnpike.schedule.timeline import Timeline
from turnpike.topology.window import Freeze, Occasion, Schedule, Window, local_time_of

NEVER_OPEN_AFTER = timedelta(days=2 * 366)
"""A window that freezes keep shut for so long is a mistake."""

_RAREST_YEARS = 41
"""29 February on one day of the week comes round in 40 years at the latest."""

_MONTH, _YEAR = timedelta(days=31), timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The field that cannot be meant, such as ``windows.2.name``; what was expected and found."""

    field: str
    expected: str
    actual: str


def contradictions(schedule: Schedule) -> tuple[Contradiction, ...]:
    """Return every entry that repeats another one, holds at no instant, or excludes nothing."""
    return (*empty_or_repeated(schedule), *idle_exclusions(schedule))


def empty_or_repeated(schedule: Schedule) -> Iterator[Contradiction]:
    """Yield every entry that repeats another one, or that holds at no instant."""
    yield from _repeated_names(schedule)
    yield from _repeated_occasions(schedule)
    yield from _never_holding(schedule)


def shut_windows(schedule: Schedule, at: datetime) -> tuple[Contradiction, ...]:
    """Return every window that comes round from ``at`` on, but is frozen whenever it does."""
    return tuple(
        Contradiction(
            field=f"windows.{number}",
            expected="a window that is open at some time in the next two years",
            actual=f"{window.name} is frozen whenever it comes round",
        )
        for number, window in enumerate(schedule.windows)
        if _is_shut(window, schedule.freezes, at)
    )


def _is_shut(window: Window, freezes: tuple[Freeze, ...], at: datetime) -> bool:
    opened = occurrences_of(window)
    if Timeline((opened,), ()).next_open(at, NEVER_OPEN_AFTER) is None:
        return False
    frozen = tuple(occurrences_of(one) for one in freezes if _is_wider(one, window))
    return Timeline((opened,), frozen).next_open(at, NEVER_OPEN_AFTER) is None


def _is_wider(freeze: Occasion, window: Occasion) -> bool:
    """Tell whether a freeze speaks of every subject that the window speaks of."""
    pairs = zip(_scope(freeze), _scope(window), strict=True)
    return all(not theirs or (mine and set(mine) <= set(theirs)) for theirs, mine in pairs)


def _scope(entry: Occasion) -> tuple[tuple[str, ...], ...]:
    return (entry.environments, entry.teams, entry.tiers, entry.models)


def _entries(schedule: Schedule) -> Iterator[tuple[str, Window | Freeze]]:
    for number, window in enumerate(schedule.windows):
        yield f"windows.{number}", window
    for number, freeze in enumerate(schedule.freezes):
        yield f"freezes.{number}", freeze


def _repeated_names(schedule: Schedule) -> Iterator[Contradiction]:
    seen: dict[str, str] = {}
    for field, entry in _entries(schedule):
        first = seen.setdefault(entry.name, field)
        if first != field:
            wanted = "a name of its own, for answers name what decides"
            yield Contradiction(f"{field}.name", wanted, f"{entry.name}, as {first}")


def _repeated_occasions(schedule: Schedule) -> Iterator[Contradiction]:
    seen: dict[object, str] = {}
    for field, entry in _entries(schedule):
        mark = (type(entry), entry.occasion(), _scope(entry))
        first = seen.setdefault(mark, field)
        if first != field:
            wanted = "each window and each freeze once"
            yield Contradiction(field, wanted, f"the same times for the same as {first}")


def _never_holding(schedule: Schedule) -> Iterator[Contradiction]:
    for field, entry in _entries(schedule):
        if not _holds_sometime(occurrences_of(entry)):
            told = next(name for name in ("rrule", "cron", "start") if getattr(entry, name))
            wanted = "times that come round, local to the entry's timezone"
            yield Contradiction(f"{field}.{told}", wanted, str(getattr(entry, told)))


def idle_exclusions(schedule: Schedule) -> Iterator[Contradiction]:
    """Yield what ``exdate`` names in vain: a mistyped one would leave a window open unnoticed.

    RFC 5545 passes over it, so when the schedule holds is certain all the same.
    """
    for field, entry in _entries(schedule):
        occurrences = occurrences_of(entry)
        for number, text in enumerate(entry.exdate):
            if not occurrences.would_start(local_time_of(text)):
                wanted = "a time at which an occurrence starts, to take it out"
                yield Contradiction(f"{field}.exdate.{number}", wanted, f"{text}, when none does")


def _holds_sometime(occurrences: Occurrences) -> bool:
    start = occurrences.entry.start
    first = local_time_of(start or "2000-01-01T00:00").replace(tzinfo=UTC) - timedelta(days=2)
    years = (first + number * _YEAR for number in range(_RAREST_YEARS))
    # Most hold in their first month; a year of minutes is worked out for those alone that do not.
    return bool(occurrences.between(first, first + _MONTH)) or any(
        occurrences.between(year, year + _YEAR) for year in years
    )
