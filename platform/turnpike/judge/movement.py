"""When something moves into a place: may it now, when could it, and does anything stop the line.

Purely from main's own documents and the one clock reading. What does not move (settings, another
rendering of the same release) is asked nothing of the kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.policy_input import Movement, Standstill
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.schedule.subject import ScheduleSubject
from turnpike.schedule.timeline import Timeline, Timelines
from turnpike.topology.environment import Environment, Target
from turnpike.topology.stop import Stop
from turnpike.topology.window import Schedule


def movement_of(
    facts: Facts,
    key: DeploymentKey,
    model: PredictiveModel | GenerativeModel,
    environment: Environment,
    target: Target,
) -> Movement:
    """Return what the schedules and the stops on main say of a model's way into a target."""
    subject = subject_of(key, model)
    timeline = timeline_of(environment, facts.base.schedule, subject)
    state = timeline.state(facts.clock)
    return Movement(
        open=state.open,
        by=state.by,
        reason=_reason(environment, facts.base.schedule, state.by),
        next_change=timeline.next_change(facts.clock),
        opens_at=None if state.open else timeline.next_open(facts.clock),
        standstills=tuple(
            Standstill(name=one.name, reason=one.reason, incident=one.incident)
            for one in stops_of(facts.base.stops.values(), key, target)
        ),
    )


def subject_of(key: DeploymentKey, model: PredictiveModel | GenerativeModel) -> ScheduleSubject:
    """Return whom the entries of a schedule speak of where a model moves into an environment."""
    return ScheduleSubject(key.environment, key.team, model.risk_tier, str(key.model_key))


def timeline_of(
    environment: Environment, shared: Schedule | None, subject: ScheduleSubject
) -> Timeline:
    """Return the answers of an environment's own schedule and the one that all share, together."""
    return timelines_of(environment, shared).of(subject)


def timelines_of(environment: Environment, shared: Schedule | None) -> Timelines:
    """Return the answers of both schedules for every subject."""
    return _timelines(environment.schedule(), shared)


@lru_cache(maxsize=64)
def _timelines(own: Schedule, shared: Schedule | None) -> Timelines:
    """Documents are frozen, so that the same ones are worked out once."""
    if shared is None:
        return Timelines(own)
    windows, freezes = (*own.windows, *shared.windows), (*own.freezes, *shared.freezes)
    return Timelines(Schedule.of(windows, freezes))


def stops_of(stops: Iterable[Stop], key: DeploymentKey, target: Target) -> tuple[Stop, ...]:
    """Return the stops that speak of a model on its way into a target, by name."""
    about = (key.environment, target.cloud, key.team, str(key.model_key))
    return tuple(sorted((s for s in stops if s.speaks_of(*about)), key=lambda stop: stop.name))


def _reason(environment: Environment, shared: Schedule | None, name: str | None) -> str | None:
    freezes = (*environment.freezes, *(shared.freezes if shared else ()))
    return next((one.reason for one in freezes if one.name == name), None)
