"""What happens when: windows, freezes, soaks that end, what expires, stops in force. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from turnpike.documents.identifiers import digest_of
from turnpike.judge.layout import SCHEDULE_PATH, DeploymentKey, key_path
from turnpike.promotion.ground import Ground
from turnpike.promotion.moment import whole_minute
from turnpike.promotion.move import Move
from turnpike.schedule.occurrences import occurrences_of
from turnpike.topology.window import Freeze, Occasion, Schedule, Window

Kind = Literal["window", "freeze", "soak", "expiry", "stop"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something from one instant until just before another; both the same for a mere moment.

    ``about`` is for whom it holds, ``zone`` the one that its entry is written in, ``source`` the
    file that says so. ``which`` tells it from others of the same kind, name and source: the start
    of a window or freeze, what soaks, the incident of a stop. When it happens is no part of that,
    for a soak's end is nearer or farther each time that it is looked for.
    """

    kind: Kind
    name: str
    start: datetime
    end: datetime
    about: str
    says: str
    zone: str
    source: str
    which: str = ""

    @property
    def id(self) -> str:
        """Return what this event is called in every calendar that is written of it."""
        marks = (self.kind, self.name, self.about, self.source, self.which)
        return digest_of("\n".join(marks).encode()).removeprefix("sha256:")[:40]

    def touches(self, start: datetime, end: datetime) -> bool:
        """Tell whether any of it lies in ``[start, end)``."""
        return self.start < end and (self.end > start or self.start >= start)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time that is asked about, and for which environment and team; None means all."""

    start: datetime
    end: datetime
    environment: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class EvidenceEnd:
    """Until when a released version may enter its own environment anew, by its evidence."""

    place: DeploymentKey
    version: str
    end: datetime


def events_in(
    stretch: Stretch, ground: Ground, moves: Iterable[Move], ends: Iterable[EvidenceEnd] = ()
) -> tuple[Event, ...]:
    """Return every event of a stretch of time, by its start."""
    found = {
        *_scheduled(stretch, ground),
        *_soaks(stretch, moves),
        *_expiries(ground),
        *_evidence(stretch, ends),
        *_exceptions(stretch, ground),
        *_stops(stretch, ground),
    }
    within = (event for event in found if event.touches(stretch.start, stretch.end))
    return tuple(sorted(within, key=lambda e: (e.start, e.end, e.kind, e.name, e.about)))


def _scheduled(stretch: Stretch, ground: Ground) -> Iterator[Event]:
    for name, environment in ground.environments.items():
        if stretch.environment in (None, name):
            path = f"environments/{name}/environment.yaml"
            yield from _of_schedule(stretch, environment.schedule(), path, name)
    if ground.schedule is not None:
        yield from _of_schedule(stretch, ground.schedule, SCHEDULE_PATH, "")


def _of_schedule(stretch: Stretch, schedule: Schedule, path: str, owner: str) -> Iterator[Event]:
    entries: tuple[Window | Freeze, ...] = (*schedule.windows, *schedule.freezes)
    for entry in entries:
        if _is_for(stretch, entry):
            yield from _occurring(stretch, entry, path, owner)


def _is_for(stretch: Stretch, entry: Occasion) -> bool:
    owners = tuple(model.partition("/")[0] for model in entry.models)
    pairs = ((stretch.environment, entry.environments), (stretch.team, entry.teams),
             (stretch.team, owners))  # fmt: skip
    return all(asked is None or not named or asked in named for asked, named in pairs)


def _occurring(stretch: Stretch, entry: Window | Freeze, path: str, owner: str) -> Iterator[Event]:
    reason = entry.reason if isinstance(entry, Freeze) else None
    says = reason or ("nothing goes in" if isinstance(entry, Freeze) else "changes may go in")
    kind: Kind = "freeze" if isinstance(entry, Freeze) else "window"
    for one in occurrences_of(entry).between(stretch.start, stretch.end):
        about, which = _scope_of(entry, owner), one.start.isoformat()
        yield Event(kind, entry.name, one.start, one.end, about, says, entry.timezone, path, which)


def _scope_of(entry: Occasion, owner: str) -> str:
    environments = ", ".join(entry.environments) or owner or "all environments"
    lists = (("team", entry.teams), ("tier", entry.tiers), ("model", entry.models))
    limits = [f"{what} {', '.join(named)}" for what, named in lists if named]
    return "; ".join([environments, *limits])


def _soaks(stretch: Stretch, moves: Iterable[Move]) -> Iterator[Event]:
    for move in moves:
        is_meant = stretch.team in (None, move.model.team)
        if not is_meant or stretch.environment not in (None, move.environment):
            continue
        for blocker in move.blockers:
            if blocker.code == "soak-incomplete" and blocker.until is not None:
                about = f"{blocker.stage} > {move.environment}"
                says = f"version {move.version}: {blocker.says}, if it stays healthy"
                path = f"environments/{move.environment}/environment.yaml"
                at = whole_minute(blocker.until)
                which = move.artifact or ""
                yield Event("soak", str(move.model), at, at, about, says, "UTC", path, which)


def _expiries(ground: Ground) -> Iterator[Event]:
    for key in ground.keys:
        at = min(key.valid_until, key.revoked_at or key.valid_until)
        why = "is revoked" if key.revoked_at == at else "expires"
        says = f"the {key.role}'s key {why}: what it signs from then on counts for nothing"
        path = key_path(key.name)
        yield Event("expiry", key.name, at, at, "all environments", says, "UTC", path)


def _evidence(stretch: Stretch, ends: Iterable[EvidenceEnd]) -> Iterator[Event]:
    """Yield when the evidence of what is released ends; targets of an environment as one."""
    first: dict[tuple[str, str, str], EvidenceEnd] = {}
    for one in sorted(ends, key=lambda one: one.end, reverse=True):
        first[str(one.place.model_key), one.place.environment, one.version] = one
    for (name, environment, version), one in first.items():
        if _is_of(stretch, str(one.place)):
            at = whole_minute(one.end)
            says = f"version {version}: its evidence lets it in no more; turnpike revalidate"
            path = f"environments/{environment}/environment.yaml"
            yield Event("expiry", name, at, at, environment, says, "UTC", path, version)


def _exceptions(stretch: Stretch, ground: Ground) -> Iterator[Event]:
    """Yield the ends of waivers and the days on which debts are due."""
    for waiver in ground.waivers.values():
        at, path = waiver.expires_at, f"policies/waivers/{waiver.name}.yaml"
        if _is_of(stretch, waiver.subject):
            says = f"nothing excuses {waiver.code} any more: {waiver.reason}"
            yield Event("expiry", waiver.name, at, at, waiver.subject, says, "UTC", path)
    for debt in ground.debts:
        if _is_of(stretch, debt.deployment):
            says = f"unpaid by then, it blocks {debt.team}'s ordinary changes: {debt.reason}"
            at, path, which = debt.due, "environments/debts/", debt.due.isoformat()
            yield Event("expiry", debt.incident, at, at, debt.deployment, says, "UTC", path, which)


def _is_of(stretch: Stretch, subject: str) -> bool:
    """Tell whether a model, or a deployment of one, is what the stretch is about."""
    *place, team, _ = subject.split("/")
    here = not place or stretch.environment in (None, place[0])
    return here and stretch.team in (None, team)


def _stops(stretch: Stretch, ground: Ground) -> Iterator[Event]:
    """Yield the stops: they hold until they are lifted, so all through the stretch."""
    for name, stop in ground.stops.items():
        owners = tuple(model.partition("/")[0] for model in stop.models)
        pairs = ((stretch.environment, stop.environments), (stretch.team, stop.teams),
                 (stretch.team, owners))  # fmt: skip
        if any(asked and named and asked not in named for asked, named in pairs):
            continue
        lists = (("environment", stop.environments), ("cloud", stop.clouds),
                 ("team", stop.teams), ("model", stop.models))  # fmt: skip
        limits = [f"{what} {', '.join(named)}" for what, named in lists if named]
        about = "; ".join(limits) or "everything"
        says = f"the line is stopped until it is lifted ({stop.incident}): {stop.reason}"
        path = f"environments/stops/{name}.yaml"
        start, end, which = stretch.start, stretch.end, stop.incident
        yield Event("stop", name, start, end, about, says, "UTC", path, which)
