"""A main to look ahead from: one model, its stages, and whatever a test puts in its way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from pydantic import JsonValue

from turnpike.evidence.predicates import Observation
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.manifest.release import Release
from turnpike.promotion.brief import Brief
from turnpike.promotion.evidence import Evidence
from turnpike.promotion.ground import Fleet, Ground
from turnpike.promotion.move import Move
from turnpike.promotion.outlook import Asking, Heard, Outlook
from turnpike.promotion.rolled_back import RolledBack
from turnpike.topology.environment import ENVIRONMENT, Environment
from turnpike.topology.stop import STOP, Stop
from turnpike.topology.window import SCHEDULE, Schedule
from unit.judge.examples import BASE, NOW, environment, organisation
from unit.promotion.world import KEY, MANIFESTS, admitted, blob_of, version_of

Entries = list[dict[str, JsonValue]]


def stage(name: str, *before: str, asks: int = 0, **fields: object) -> Environment:
    """Return an environment that promotes from others; fields as its file would say them."""
    plain = environment(name, before, asks).model_dump(mode="json", by_alias=True)
    return ENVIRONMENT.validate_python({**plain, **fields}, strict=False)


def schedule(**entries: Entries) -> Schedule:
    """Return the schedule that all share."""
    head = {"apiVersion": "turnpike.dev/v1", "kind": "Schedule"}
    return SCHEDULE.validate_python({**head, **entries}, strict=False)


def stop(name: str, **scope: list[str]) -> Stop:
    """Return a stop; of everything, unless it is limited."""
    head = {"apiVersion": "turnpike.dev/v1", "kind": "Stop", "name": name, "incident": "INC-7"}
    return STOP.validate_python({**head, "reason": "down", **scope}, strict=False)


def stages(*environments: Environment) -> dict[str, Environment]:
    """Return environments by name."""
    return {one.name: one for one in environments}


ROAD = stages(stage("dev"), stage("staging", "dev"), stage("production", "staging", asks=1))


def release(version: int, came_from: str | None = None) -> Release:
    """Return the release of a version of the model."""
    artifact = version_of(version).artifact
    assert artifact is not None
    return Release(
        api_version="turnpike.dev/v1",
        kind="Release",
        team=KEY.team,
        model=KEY.model,
        version=str(version),
        artifact=artifact.digest,
        manifest=blob_of(version),
        decision=admitted(version).decision,
        promoted_from=came_from,
        traffic=100,
    )


def seen_in(
    name: str, version: int, minutes: float, *, until: datetime = NOW, target: str = "local"
) -> Heard:
    """Return what counts once an observer has seen a version healthy for so long."""
    artifact = release(version).artifact
    said = Observation(
        environment=name,
        target=target,
        healthy=True,
        error_rate=0.0,
        latency_p95_milliseconds=1.0,
        requests=9,
        started_at=until - timedelta(minutes=minutes),
        finished_at=until,
    )
    return {artifact: (said,)}


@dataclass(frozen=True)
class Main:
    """What stands on a main; ``serves`` is a version by environment, ``manifest`` main's own."""

    environments: Mapping[str, Environment] = field(default_factory=lambda: ROAD)
    serves: Mapping[str, int] = field(default_factory=dict)
    manifest: int | None = 1
    schedule: Schedule | None = None
    stops: tuple[Stop, ...] = ()
    heard: Heard = field(default_factory=dict)
    admitted: bool = True
    briefs: Mapping[int, Brief] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    rolled_back: RolledBack = field(default_factory=RolledBack)

    def having(self, **fields: object) -> Main:
        """Return another main that differs in some fields."""
        return replace(self, **fields)  # type: ignore[arg-type]

    @cached_property
    def ground(self) -> Ground:
        """Who, where and when."""
        stops = {one.name: one for one in self.stops}
        return Ground(BASE, organisation(), self.environments, self.schedule, stops)

    @cached_property
    def fleet(self) -> Fleet:
        """The model and its releases."""
        places = {
            DeploymentKey(name, target.name, KEY.team, KEY.model).path("release.yaml"): version
            for name, version in self.serves.items()
            for target in self.environments[name].targets
        }
        known = {blob: Brief.of(model) for blob, model in MANIFESTS.items()}
        known |= {blob_of(version): brief for version, brief in self.briefs.items()}
        own = {KEY: blob_of(self.manifest)} if self.manifest else {}
        return Fleet(own, {path: release(v) for path, v in places.items()}, known)

    def moves(self, asking: Asking | None = None, at: datetime = NOW) -> tuple[Move, ...]:
        """Return every move."""
        look = Outlook(
            self.ground, self.fleet, self.heard, self._admits, at,
            evidence=self.evidence, rolled_back=self.rolled_back,
        )  # fmt: skip
        return look.moves(asking or Asking())

    def move(self, name: str, at: datetime = NOW, targets: Iterable[str] = ()) -> Move:
        """Return the one move into an environment."""
        (found,) = self.moves(Asking(environment=name, targets=tuple(targets)), at)
        return found

    def _admits(self, model: ModelKey, _: str) -> bool:
        return self.admitted and model == KEY


def codes(move: Move) -> list[str]:
    """Return the codes of what stands before a move, in order."""
    return [blocker.code for blocker in move.blockers]
