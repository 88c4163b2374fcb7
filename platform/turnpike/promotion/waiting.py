"""What time and people put before a move: the line, the soak, the schedule; and the first moment.

Each rule is the judge's own: stops and timelines are ``judge/movement.py``'s, healthy time is
``judge/soak.py``'s. Here they are only asked at other moments than now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.judge.movement import stops_of, timelines_of
from turnpike.promotion.closures import Closure, Closures
from turnpike.promotion.ground import Ground
from turnpike.promotion.moment import past, spoken
from turnpike.promotion.move import Blocker
from turnpike.schedule.subject import ScheduleSubject
from turnpike.schedule.timeline import Timeline, Timelines
from turnpike.topology.environment import Environment
from turnpike.topology.window import Schedule

Healthy = Callable[[str], int | None]
"""For how many seconds a stage was seen to serve healthily what moves; None: it does not serve."""


@dataclass(frozen=True, slots=True)
class Mover:
    """What moves: a model of a tier into some targets of an environment, seen in some stages."""

    model: ModelKey
    tier: str
    environment: Environment
    targets: tuple[str, ...]
    stages: tuple[str, ...]
    healthy: Healthy


@dataclass(slots=True)
class Waiting:
    """What all moves of one outlook share, so that each schedule is worked out once."""

    ground: Ground
    now: datetime
    _timelines: dict[str, tuple[Timelines, bool]] = field(default_factory=dict)
    _known: dict[tuple[str, ...], Timeline] = field(default_factory=dict)
    _stops: dict[tuple[str, str, str, tuple[str, ...]], tuple[Blocker, ...]] = field(
        default_factory=dict
    )
    _closures: dict[int, Closures] = field(default_factory=dict)
    _blockers: dict[tuple[int, datetime], tuple[Blocker, ...]] = field(default_factory=dict)

    def before(self, mover: Mover) -> tuple[Blocker, ...]:
        """Return what stands before a move by the line, the soak and the schedule, in that order.

        Where the soak outlasts what is closed now, what is closed at its end comes after it.
        """
        soaks = tuple(self._soaks(mover))
        soaked = _last(self.now, soaks)
        timeline = self.timeline(mover)
        closed = list(self._closed(mover, timeline, self.now))
        if soaked is not None and soaked > self.now:
            later = self._closed(mover, timeline, soaked)
            closed += [one for one in later if one not in closed]
        return (*self._stopped(mover), *self._owed(mover), *soaks, *closed)

    def earliest(self, mover: Mover, blockers: Iterable[Blocker]) -> datetime | None:
        """Return the first moment without any of the blockers; None where one waits for people.

        A soak ends at a moment of its own, and the first open one at or after it counts.
        """
        others = [one for one in blockers if one.code != "schedule-closed"]
        begins = _last(self.now, others)
        if begins is None or self.is_excused(mover, "schedule-closed", begins):
            return begins
        return self.timeline(mover).next_open(begins)

    def timeline(self, mover: Mover) -> Timeline:
        """Return the schedule of a move; movers of whom no entry tells apart share one."""
        name, key = mover.environment.name, mover.model
        if name not in self._timelines:
            known = timelines_of(mover.environment, self.ground.schedule)
            self._timelines[name] = known, _names_models(mover.environment, self.ground.schedule)
        timelines, by_model = self._timelines[name]
        mark = (name, key.team, mover.tier, key.model if by_model else "")
        if mark not in self._known:
            subject = ScheduleSubject(name, key.team, mover.tier, str(key))
            self._known[mark] = timelines.of(subject)
        return self._known[mark]

    def _stopped(self, mover: Mover) -> tuple[Blocker, ...]:
        stops = self.ground.stops
        if not stops:
            return ()
        model = mover.model.model if any(stop.models for stop in stops.values()) else ""
        mark = (mover.environment.name, mover.model.team, model, mover.targets)
        if mark not in self._stops:
            self._stops[mark] = tuple(self._stops_of(mover))
        return self._stops[mark]

    def _stops_of(self, mover: Mover) -> Iterator[Blocker]:
        found: dict[str, list[str]] = {}
        name, key = mover.environment.name, mover.model
        for target in mover.environment.targets:
            if target.name in mover.targets:
                place = DeploymentKey(name, target.name, key.team, key.model)
                for stop in stops_of(self.ground.stops.values(), place, target):
                    found.setdefault(stop.name, []).append(target.name)
        for stop_name, targets in found.items():
            yield self._stop(stop_name, targets, whole=len(targets) == len(mover.targets))

    def _stop(self, name: str, targets: list[str], *, whole: bool) -> Blocker:
        stop = self.ground.stops[name]
        where = "" if whole else f" in {', '.join(targets)}"
        return Blocker(
            code="line-stopped",
            says=f"line stopped{where} by {name} ({stop.incident}): {stop.reason}",
            until=None,
            solution=f"Ask who is on call about {stop.incident}; the line goes on once "
            f"environments/stops/{name}.yaml is taken from main.",
        )

    def _owed(self, mover: Mover) -> Iterator[Blocker]:
        """Yield each emergency of the team whose debt is due and not paid."""
        for debt in self.ground.debts:
            if debt.team == mover.model.team and debt.due <= self.now:
                yield Blocker(
                    code="debt.unpaid",
                    says=f"{debt.team} owes the review of {debt.incident} since"
                    f" {past(debt.due, self.now)}",
                    until=None,
                    solution=f"`turnpike emergency settle {debt.incident} --team {debt.team}`.",
                )

    def is_excused(self, mover: Mover, code: str, at: datetime) -> bool:
        """Tell whether waivers on main excuse the move from a demand at a moment.

        The rules of the soak and of the schedule yield to them; that of the line does not.
        """
        if not self.ground.waivers:
            return False
        key, environment = mover.model, mover.environment.name
        places = [str(DeploymentKey(environment, t, key.team, key.model)) for t in mover.targets]

        def excuses(subject: str) -> bool:
            return any(one.excuses(code, subject, at) for one in self.ground.waivers.values())

        return excuses(str(key)) or (bool(places) and all(map(excuses, places)))

    def _soaks(self, mover: Mover) -> Iterator[Blocker]:
        wanted = mover.environment.soak_seconds
        if wanted and self.is_excused(mover, "soak-incomplete", self.now):
            return
        for stage in mover.stages:
            seen = mover.healthy(stage) if wanted else None
            if seen is not None and seen < wanted:
                ends = self.now + timedelta(seconds=wanted - seen)
                yield Blocker(
                    code="soak-incomplete",
                    says=f"{stage} soaks until {spoken(ends, self.now)}"
                    f" ({seen} of {wanted} seconds seen healthy)",
                    until=ends,
                    solution=f"Let it run in {stage}, watched by an observer: {wanted - seen} more"
                    " seconds must be seen healthy.",
                    stage=stage,
                )

    def _closed(self, mover: Mover, timeline: Timeline, at: datetime) -> tuple[Blocker, ...]:
        if self.is_excused(mover, "schedule-closed", at):
            return ()
        mark = id(timeline), at  # all of them live as long as this
        if mark not in self._blockers:
            known = self._closures.setdefault(mark[0], Closures(timeline))
            self._blockers[mark] = tuple(
                Blocker("schedule-closed", _told(one, self.now), one.until, _way(one))
                for one in known.from_(at)
            )
        return self._blockers[mark]


def _names_models(environment: Environment, shared: Schedule | None) -> bool:
    """Tell whether an entry speaks of single models, so that each has a timeline of its own."""
    own = (*environment.windows, *environment.freezes)
    others = (*shared.windows, *shared.freezes) if shared else ()
    return any(entry.models for entry in (*own, *others))


def _last(now: datetime, blockers: Iterable[Blocker]) -> datetime | None:
    """Return the moment at which the last of them has fallen away; None where one never does."""
    ends = [one.until for one in blockers]
    known = [end for end in ends if end is not None]
    return max((now, *known)) if len(known) == len(ends) else None


def _told(one: Closure, now: datetime) -> str:
    what = f"freeze {one.name}" if one.name else "no window"
    why = f" ({one.reason})" if one.reason else f" ({one.opens})" if one.opens else ""
    until = f" until {spoken(one.until, now, one.zone)}" if one.until else " as the schedule stands"
    return f"{what}{until}{why}"


def _way(one: Closure) -> str:
    if one.until is None:
        return "Change the schedule: as it stands it never opens."
    return "Wait; `turnpike calendar` shows all windows and freezes."


def stages_of(environment: Environment, origin: str) -> tuple[str, ...]:
    """Return where what moves must have stood and soaked: its origin, or all stages before."""
    return environment.promotes_from if environment.fan_in == "all" else (origin,)
