"""Windows and freezes put together: open or closed at an instant, by what, and until when.

A freeze beats every window. Without any window a subject is always open, unless it is frozen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter

from turnpike.schedule.occurrences import Occurrence, Occurrences, occurrences_of
from turnpike.schedule.subject import ScheduleSubject
from turnpike.topology.window import Freeze, Schedule, Window

HORIZON = timedelta(days=366 * 50)
"""How far ahead a change is looked for; what has not changed by then is said never to change."""

_Found = tuple[Window | Freeze, list[Occurrence]]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BLOCK = timedelta(days=32)


@dataclass(frozen=True, slots=True)
class State:
    """Whether a subject is open at an instant, and the name of the entry that decides.

    ``by`` is the first freeze that holds, in the order of its file; else the first window that
    holds; None where no window applies at all, or none holds.
    """

    open: bool
    by: str | None


@dataclass(slots=True)
class _Block:
    """32 days of one timeline: who overlaps them, and where ``open`` changes within."""

    windows: list[_Found]
    freezes: list[_Found]
    opening: bool
    changes: list[datetime]


@dataclass(slots=True)
class Timeline:
    """The answers for one subject; blocks are worked out when first asked for, and kept."""

    windows: tuple[Occurrences, ...]
    freezes: tuple[Occurrences, ...]
    _blocks: dict[int, _Block] = field(default_factory=dict)

    def state(self, at: datetime) -> State:
        """Return what holds at an instant."""
        block = self._block(_number(at))
        frozen = next(_holding(block.freezes, at), None)
        if frozen is not None:
            return State(open=False, by=frozen.name)
        window = next(_holding(block.windows, at), None)
        if window is not None:
            return State(open=True, by=window.name)
        return State(open=not self.windows, by=None)

    def next_change(self, at: datetime, horizon: timedelta = HORIZON) -> datetime | None:
        """Return the first instant after ``at`` at which ``open`` changes; None if none does."""
        if not self.windows and not self.freezes:
            return None
        before = self.state(at).open
        for number in range(_number(at), _number(at + horizon) + 1):
            block = self._block(number)
            if number != _number(at) and block.opening != before:
                return _EPOCH + number * _BLOCK
            for change in block.changes:
                if change > at:
                    return change
        return None

    def next_open(self, at: datetime, horizon: timedelta = HORIZON) -> datetime | None:
        """Return the first instant from ``at`` on that is open; None if none is."""
        return at if self.state(at).open else self.next_change(at, horizon)

    def _block(self, number: int) -> _Block:
        if number not in self._blocks:
            self._blocks[number] = self._worked_out(number)
        return self._blocks[number]

    def _worked_out(self, number: int) -> _Block:
        lower = _EPOCH + number * _BLOCK
        upper = lower + _BLOCK
        freezes = _overlapping(self.freezes, lower, upper)
        if any(_covers(held, lower, upper) for _, held in freezes):
            return _Block([], freezes, opening=False, changes=[])
        windows = _overlapping(self.windows, lower, upper)
        steps = sorted((*_steps(windows, lower, (1, 0)), *_steps(freezes, lower, (0, 1))))
        opening = state = not self.windows
        changes: list[datetime] = []
        allowing = denying = 0
        for instant, together in groupby(steps, key=itemgetter(0)):
            for _, window, freeze in together:
                allowing, denying = allowing + window, denying + freeze
            after = not denying and (allowing > 0 or not self.windows)
            if instant <= lower:
                opening = state = after
            elif after != state and instant < upper:
                changes.append(instant)
                state = after
        return _Block(windows, freezes, opening, changes)


class Timelines:
    """The timelines of one schedule: subjects of whom the same entries speak share one."""

    def __init__(self, schedule: Schedule) -> None:
        self._windows = tuple(occurrences_of(window) for window in schedule.windows)
        self._freezes = tuple(occurrences_of(freeze) for freeze in schedule.freezes)
        self._known: dict[tuple[tuple[int, ...], ...], Timeline] = {}

    def of(self, subject: ScheduleSubject) -> Timeline:
        """Return the timeline of one subject."""
        windows = tuple(w for w in self._windows if subject.is_meant_by(w.entry))
        freezes = tuple(f for f in self._freezes if subject.is_meant_by(f.entry))
        marks = (tuple(map(id, windows)), tuple(map(id, freezes)))
        return self._known.setdefault(marks, Timeline(windows, freezes))


def _number(at: datetime) -> int:
    return (at - _EPOCH) // _BLOCK


def _overlapping(
    all_entries: Iterable[Occurrences], lower: datetime, upper: datetime
) -> list[_Found]:
    found = [(one.entry, one.held(lower, upper)) for one in all_entries]
    return [(entry, occurrences) for entry, occurrences in found if occurrences]


def _steps(
    found: Iterable[_Found], lower: datetime, weight: tuple[int, int]
) -> Iterator[tuple[datetime, int, int]]:
    window, freeze = weight
    for _, occurrences in found:
        for one in occurrences:
            yield max(one.start, lower), window, freeze
            yield one.end, -window, -freeze


def _covers(held: Iterable[Occurrence], lower: datetime, upper: datetime) -> bool:
    return any(one.start <= lower and upper <= one.end for one in held)


def _holding(found: Iterable[_Found], at: datetime) -> Iterator[Window | Freeze]:
    return (entry for entry, held in found if any(one.start <= at < one.end for one in held))
