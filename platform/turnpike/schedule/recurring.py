"""The starts of a recurrence: local times, for any stretch of time, without counting up to it.

``dateutil`` is not used here, because its rules can only be read from their start and never end
where nothing matches (30 February takes it 11 seconds to give up). The tests compare with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import chain, product
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from turnpike.schedule.local_time import instant_of
from turnpike.schedule.spacing import Spacing, weekly_spacing
from turnpike.schedule.times_of_day import TimesOfDay, chosen, joined
from turnpike.topology.cron import cron_of
from turnpike.topology.recurrence import NthWeekday, RecurrenceRule

if TYPE_CHECKING:
    from cronsim import CronSim

FARTHEST = timedelta(days=366 * 100)
"""How long after its start a rule with COUNT is followed to its last occurrence."""

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


class Recurrence(Protocol):
    """What starts again and again, in local time; ``follows_clock`` see ``local_time.py``."""

    @property
    def follows_clock(self) -> bool:
        """Tell whether it is a cron expression that repeats within a day."""
        ...

    @property
    def spacing(self) -> Spacing | None:
        """Return how far apart starts are at the most, for ever; None where that is not told."""
        ...

    def starts(self, lower: datetime, upper: datetime) -> Iterator[datetime]:
        """Yield the local starts from ``lower``, inclusive, to ``upper``, exclusive, in order."""
        ...

    def runs(
        self, lower: datetime, upper: datetime, reach: timedelta
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield the same starts as runs of one day: the first and the last of each.

        Within a run each start follows the one before it after ``reach`` at the latest.
        """
        ...


@dataclass(frozen=True, slots=True)
class Once:
    """One start."""

    start: datetime
    spacing: Spacing | None = None
    follows_clock: bool = False

    def starts(self, lower: datetime, upper: datetime) -> Iterator[datetime]:
        """Yield the start where it lies within."""
        if lower <= self.start < upper:
            yield self.start

    def runs(
        self, lower: datetime, upper: datetime, _: timedelta
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield the start, a run of its own."""
        return ((start, start) for start in self.starts(lower, upper))


@dataclass(frozen=True, slots=True)
class CronStarts:
    """A cron expression; cronsim says which days match, as Debian's cron does."""

    months: frozenset[int]
    matches_day: Callable[[date], bool]
    times: tuple[time, ...]
    follows_clock: bool
    spacing: Spacing | None

    def starts(self, lower: datetime, upper: datetime) -> Iterator[datetime]:
        """Yield the starts of all matching days."""
        for day in self._matching(lower, upper):
            yield from _within(lower, upper, (datetime.combine(day, t) for t in self.times))

    def runs(
        self, lower: datetime, upper: datetime, reach: timedelta
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield the runs of all matching days."""
        together = joined(self.times, reach)
        for day in self._matching(lower, upper):
            yield from _runs(day, together, lower, upper)

    def _matching(self, lower: datetime, upper: datetime) -> Iterator[date]:
        for day in _days(lower.date(), upper.date() + _DAY):
            if day.month in self.months and self.matches_day(day):
                yield day


def cron_starts(expression: str) -> CronStarts:
    """Return the starts of a cron expression of five fields that was validated before."""
    fields = cron_of(expression)
    clock = product(sorted(fields.hours), sorted(fields.minutes))
    times = tuple(time(h, m) for h, m in clock)
    minute, hour = expression.split()[:2]
    return CronStarts(
        months=frozenset(fields.months),
        matches_day=fields.match_day,
        times=times,
        follows_clock=minute.startswith("*") or hour.startswith("*"),
        spacing=_cron_spacing(fields, times),
    )


def _cron_spacing(fields: CronSim, times: tuple[time, ...]) -> Spacing | None:
    """Return the spacing where nothing but days of the week is chosen: no n-th, and no last."""
    whole = fields.months >= _MONTHS and fields.days >= _DATES
    if not whole or not all(isinstance(day, int) for day in fields.weekdays):
        return None
    return weekly_spacing(datetime.combine(date.min, time()), fields.match_day, times)


_MONTHS, _DATES = frozenset(range(1, 13)), frozenset(range(1, 32))


@dataclass(frozen=True, slots=True)
class RuleStarts:
    """An RFC 5545 rule, made whole with what its start says: which days match, and at what times.

    ``times`` knows of intervals below a day; ``rule`` is never finer than a day.
    """

    rule: RecurrenceRule
    start: datetime
    times: TimesOfDay
    last: datetime | None = None
    spacing: Spacing | None = None
    follows_clock: bool = False

    def starts(self, lower: datetime, upper: datetime) -> Iterator[datetime]:
        """Yield the starts of all periods that reach into the stretch."""
        lower, upper = self._limited(lower, upper)
        if lower < upper:
            for days in self._periods(lower.date(), upper.date()):
                yield from _within(lower, upper, self._chosen(days))

    def runs(
        self, lower: datetime, upper: datetime, reach: timedelta
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield the runs of all periods; what ``BYSETPOS`` chooses is each a run of its own."""
        if self.rule.positions:
            yield from ((start, start) for start in self.starts(lower, upper))
            return
        lower, upper = self._limited(lower, upper)
        if lower >= upper:
            return
        together = cache(lambda phase: joined(self.times.at(phase), reach))
        days = chain.from_iterable(self._periods(lower.date(), upper.date()))
        for day in filter(self.matches, days):
            yield from _runs(day, together(self.times.phase_on(day)), lower, upper)

    def _limited(self, lower: datetime, upper: datetime) -> tuple[datetime, datetime]:
        upper = upper if self.last is None else min(upper, self.last + _MINUTE)
        return max(lower, self.start), upper

    def _chosen(self, days: Iterator[date]) -> Iterator[datetime]:
        matching = filter(self.matches, days)
        starts = (datetime.combine(day, t) for day in matching for t in self.times.on(day))
        yield from chosen(list(starts), self.rule.positions) if self.rule.positions else starts

    def _periods(self, lower: date, upper: date) -> Iterator[Iterator[date]]:
        """Yield the days of each period of the rule that overlaps the days given."""
        if self.rule.interval == 1 and not self.rule.positions:
            yield _days(lower, upper + _DAY)
            return
        number_of, first_day_of = _PERIODS[self.rule.frequency]
        week_start, interval = self.rule.week_start, self.rule.interval
        origin = number_of(self.start.date(), week_start)
        number = number_of(lower, week_start)
        number += (origin - number) % interval
        # Numbers are compared and not days: the period after the last may lie beyond all dates.
        for one in range(number, number_of(upper, week_start) + 1, interval):
            yield _days(first_day_of(one, week_start), first_day_of(one + 1, week_start))

    def matches(self, day: date) -> bool:
        """Tell whether a day is one of the rule's, in a period that is."""
        rule = self.rule
        return (
            (not rule.months or day.month in rule.months)
            and (not rule.weekdays or self._matches_weekday(day))
            and (not rule.month_days or _counts(day.day, _month_length(day), rule.month_days))
            and (not rule.year_days or _counts(*_of_year(day), rule.year_days))
            and (not rule.weeks or _counts(*_week_of(day, rule.week_start), rule.weeks))
        )

    def _matches_weekday(self, day: date) -> bool:
        named = [one.ordinal for one in self.rule.weekdays if one.day == day.weekday()]
        if not named or None in named:
            return bool(named)
        by_month = self.rule.frequency == "MONTHLY" or bool(self.rule.months)
        position, length = (day.day, _month_length(day)) if by_month else _of_year(day)
        ordinals = ((position - 1) // 7 + 1, -((length - position) // 7 + 1))
        return any(ordinal in named for ordinal in ordinals)


def rule_starts(rule: RecurrenceRule, start: datetime, zone: ZoneInfo) -> RuleStarts:
    """Return the starts of a rule from its local start on; what ``COUNT`` counts are instants."""
    times = TimesOfDay(rule, start)
    by_day = rule
    if rule.frequency in {"HOURLY", "MINUTELY"}:
        by_day = replace(rule, frequency="DAILY", interval=1, positions=())
    whole = RuleStarts(_completed(by_day, start), start, times)
    if rule.count is None:
        return replace(whole, spacing=_rule_spacing(whole))
    return replace(whole, last=_last_counted(whole, rule.count, zone))


def _rule_spacing(whole: RuleStarts) -> Spacing | None:
    """Return the spacing where nothing but days of the week and times of day are chosen."""
    rule, told = whole.rule, whole.times.rule
    chosen_days = (rule.months, rule.month_days, rule.year_days, rule.weeks, rule.positions)
    if any(chosen_days) or any(one.ordinal for one in rule.weekdays):
        return None
    step = _STEPS.get(told.frequency, _DAY) * told.interval
    if told.frequency in _STEPS:
        if not any((told.hours, told.minutes, told.positions, rule.weekdays)):
            return Spacing(whole.start, step)
        if _DAY % step:
            return None  # the times are others on each day
    if rule.interval > 1 and (rule.frequency != "WEEKLY" and rule.weekdays):
        return None  # days of the week fall out of step with the interval
    skipped = (rule.interval - 1) * (7 if rule.frequency == "WEEKLY" else 1)
    times = whole.times.on(whole.start.date())
    return weekly_spacing(whole.start, whole.matches, times, skipped)


_STEPS = {"HOURLY": timedelta(hours=1), "MINUTELY": _MINUTE}


def _last_counted(whole: RuleStarts, count: int, zone: ZoneInfo) -> datetime:
    """Return the local start with which so many are had.

    Where clocks jump forward, two local times may mean one instant, and are one start.
    """
    last = whole.start - _DAY
    counted: set[datetime] = set()
    for local in whole.starts(whole.start, whole.start + FARTHEST):
        if len(counted) == count:
            break
        last = local
        counted.add(instant_of(local, zone))
    return last


def _completed(rule: RecurrenceRule, start: datetime) -> RecurrenceRule:
    """Take from the start what the rule leaves open (section 3.3.10, "derived from DTSTART")."""
    if rule.weekdays or rule.month_days or rule.year_days:
        return rule
    if rule.frequency == "WEEKLY" or rule.weeks:
        return replace(rule, weekdays=(NthWeekday(start.weekday(), None),))
    if rule.frequency == "MONTHLY":
        return replace(rule, month_days=(start.day,))
    if rule.frequency == "YEARLY":
        return replace(rule, month_days=(start.day,), months=rule.months or (start.month,))
    return rule


def _days(first: date, end: date) -> Iterator[date]:
    return (date.fromordinal(n) for n in range(first.toordinal(), end.toordinal()))


def _within(lower: datetime, upper: datetime, starts: Iterator[datetime]) -> Iterator[datetime]:
    return (start for start in starts if lower <= start < upper)


def _runs(
    day: date, together: Iterable[tuple[time, ...]], lower: datetime, upper: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Yield the runs of a day; one that reaches over a limit is yielded start by start."""
    for run in together:
        first, last = datetime.combine(day, run[0]), datetime.combine(day, run[-1])
        if lower <= first and last < upper:
            yield first, last
        else:
            starts = (datetime.combine(day, one) for one in run)
            yield from ((start, start) for start in _within(lower, upper, starts))


def _counts(position: int, length: int, wanted: tuple[int, ...]) -> bool:
    """Tell whether a place, counted from 1 or from the end, is among those wanted."""
    return position in wanted or position - length - 1 in wanted


def _month_length(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - _DAY).day


def _of_year(day: date) -> tuple[int, int]:
    length = date(day.year, 12, 31).toordinal() - date(day.year - 1, 12, 31).toordinal()
    return day.toordinal() - date(day.year - 1, 12, 31).toordinal(), length


def _week_of(day: date, week_start: int) -> tuple[int, int]:
    """Return a day's week of the year and their number; a week is its fourth day's year's."""
    fourth = day + (3 - (day.weekday() - week_start) % 7) * _DAY
    last = date(fourth.year, 12, 28)  # always in the last week, wherever weeks start
    last_fourth = last + (3 - (last.weekday() - week_start) % 7) * _DAY
    return (_of_year(fourth)[0] - 1) // 7 + 1, (_of_year(last_fourth)[0] - 1) // 7 + 1


# Periods are numbered without gaps, so that every n-th is found by arithmetic. The first day of
# week 0 is a Monday: ordinal 1 is Monday, 1 January of year 1.
_PERIODS: dict[str, tuple[Callable[[date, int], int], Callable[[int, int], date]]] = {
    "YEARLY": (lambda day, _: day.year, lambda year, _: date(year, 1, 1)),
    "MONTHLY": (
        lambda day, _: day.year * 12 + day.month - 1,
        lambda number, _: date(number // 12, number % 12 + 1, 1),
    ),
    "WEEKLY": (
        lambda day, start: (day.toordinal() - 1 - start) // 7,
        lambda number, start: date.fromordinal(number * 7 + 1 + start),
    ),
    "DAILY": (lambda day, _: day.toordinal(), lambda number, _: date.fromordinal(number)),
}
