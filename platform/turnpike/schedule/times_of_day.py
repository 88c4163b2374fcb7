"""The times of day at which a rule starts, for any day, without counting up to it.

Intervals are those of the clock's face, as RFC 5545 has it: section 3.3.10 works local times out
first, and only then asks which instants they mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import product
from typing import TypeVar

from turnpike.topology.recurrence import RecurrenceRule

T = TypeVar("T")

_HOURS, _MINUTES = 24, 24 * 60


@dataclass(frozen=True, slots=True)
class TimesOfDay:
    """The times of a rule, which from day to day may differ by where its interval stands.

    ``of_phase`` keeps what was worked out: for an interval that divides the day there is one phase.
    """

    rule: RecurrenceRule
    start: datetime
    of_phase: dict[int, tuple[time, ...]] = field(default_factory=dict, compare=False)

    def on(self, day: date) -> tuple[time, ...]:
        """Return the times of a day, in order."""
        return self.at(self.phase_on(day))

    def phase_on(self, day: date) -> int:
        """Return the first hour or minute of the day that the interval meets, perhaps beyond it."""
        if self.rule.frequency == "HOURLY":
            hours = (self.start.toordinal() - day.toordinal()) * _HOURS + self.start.hour
            return hours % self.rule.interval
        if self.rule.frequency == "MINUTELY":
            minutes = (self.start.toordinal() - day.toordinal()) * _MINUTES
            return (minutes + self.start.hour * 60 + self.start.minute) % self.rule.interval
        return 0

    def at(self, phase: int) -> tuple[time, ...]:
        """Return the times of a day with this phase, in order."""
        if phase not in self.of_phase:
            self.of_phase[phase] = tuple(self._of(phase))
        return self.of_phase[phase]

    def _of(self, phase: int) -> Iterable[time]:
        rule = self.rule
        if rule.frequency == "MINUTELY":
            return self._stepping_by_minutes(phase)
        minutes = rule.minutes or (self.start.minute,)
        if rule.frequency == "HOURLY":
            hours = [hour for hour in range(phase, _HOURS, rule.interval) if self._allows(hour)]
            return _clock(hours, chosen(minutes, rule.positions))
        return _clock(rule.hours or (self.start.hour,), minutes)

    def _stepping_by_minutes(self, phase: int) -> Iterable[time]:
        allowed = self.rule.minutes or range(60)
        steps = (divmod(minute, 60) for minute in range(phase, _MINUTES, self.rule.interval))
        met = (time(h, m) for h, m in steps if m in allowed and self._allows(h))
        # The set of one minute has one start, so that only the first, or the last, is to be had.
        return met if chosen((0,), self.rule.positions) else ()

    def _allows(self, hour: int) -> bool:
        return not self.rule.hours or hour in self.rule.hours


def chosen(whole: Sequence[T], positions: tuple[int, ...]) -> Sequence[T]:
    """Return what ``BYSETPOS`` leaves of the starts of one period; without positions, all."""
    if not positions:
        return whole
    wanted = {place - 1 if place > 0 else len(whole) + place for place in positions}
    return [one for number, one in enumerate(whole) if number in wanted]


@cache
def joined(times: tuple[time, ...], reach: timedelta) -> tuple[tuple[time, ...], ...]:
    """Return times of day, in order, as runs without a gap of more than ``reach``."""
    runs: list[list[time]] = []
    for one in times:
        if runs and timedelta(minutes=_minute_of(one) - _minute_of(runs[-1][-1])) <= reach:
            runs[-1].append(one)
        else:
            runs.append([one])
    return tuple(map(tuple, runs))


def _clock(hours: Sequence[int], minutes: Sequence[int]) -> Iterator[time]:
    return (time(hour, minute) for hour, minute in product(hours, minutes))


def _minute_of(at: time) -> int:
    return at.hour * 60 + at.minute
