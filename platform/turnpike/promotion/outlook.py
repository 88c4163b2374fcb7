"""For every model and every environment it could move into next: may it now, and if not, when.

Pure: from what stands on main, what observers were heard to say, and one reading of the clock. The
judge's own functions answer; what its policies say of the model itself is asked when the change is
open. An environment that is not listed is closed, so that nothing is said of it at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from turnpike.approvals.required import merged
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.evidence.predicates import Observation
from turnpike.judge.arrangement import Arrangement
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.judge.needs import needs_on
from turnpike.judge.rollout import progress_of
from turnpike.judge.soak import kept_seconds, seen_at
from turnpike.manifest.release import Release
from turnpike.promotion.candidates import Candidate, Served, candidates_for, served_by_model
from turnpike.promotion.evidence import Evidence
from turnpike.promotion.expiring import Expiring
from turnpike.promotion.ground import Fleet, Ground
from turnpike.promotion.group import held_together
from turnpike.promotion.move import MAIN, Asked, Blocker, Move
from turnpike.promotion.obstacles import Obstacles
from turnpike.promotion.rolled_back import RolledBack
from turnpike.promotion.steps import Steps
from turnpike.promotion.waiting import Mover, Waiting, stages_of
from turnpike.topology.environment import Environment

Heard = Mapping[Digest, tuple[Observation, ...]]
"""What observers were heard to say of each artifact, as far as it counts."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked about: all models and environments, unless some are named.

    ``targets`` are those that a move would go into; all of an environment's where none is named.
    ``again`` are models that a person takes forward by name, also where they were rolled back.
    """

    models: tuple[ModelKey, ...] = ()
    environment: str | None = None
    targets: tuple[str, ...] = ()
    again: tuple[ModelKey, ...] = ()


def _unknown(_: str) -> None:
    """Of nothing it is known when it went in."""


@dataclass(slots=True)
class Outlook:
    """One main at one moment; ``admitted`` tells whether a manifest of a model was let in.

    ``stood_since`` tells when the release at a path went in; only rollouts under way ask.
    ``evidence`` is about what ``entering`` names: of anything else nothing is said of evidence.
    ``rolled_back`` is about what ``replacing`` names.
    """

    ground: Ground
    fleet: Fleet
    heard: Heard
    admitted: Callable[[ModelKey, ObjectId], bool]
    now: datetime
    stood_since: Callable[[str], datetime | None] = _unknown
    evidence: Evidence = field(default_factory=Evidence)
    rolled_back: RolledBack = field(default_factory=RolledBack)
    _approvals: dict[str, tuple[Asked, ...]] = field(default_factory=dict)

    def moves(self, asking: Asking) -> tuple[Move, ...]:
        """Return every move that is asked about, by model, in the order of the road."""
        served = served_by_model(self.fleet)
        waiting, obstacles = Waiting(self.ground, self.now), Obstacles(self.ground, self.fleet)
        models = asking.models or sorted(self.fleet.manifests.keys() | served.keys())
        environments = self._asked(asking)
        return held_together(
            move
            for model in models
            for environment in environments
            for move in _Into(
                self, waiting, obstacles, model, environment, served.get(model, {}), asking
            ).moves(named=asking.environment is not None)
        )

    def approvals(self, environment: str) -> tuple[Asked, ...]:
        """Return what a release into an environment needs, by the judge's own rule."""
        if environment not in self._approvals:
            ground = self.ground
            arrangement = Arrangement(ground.organisation, "", ground.environments)
            path = DeploymentKey(environment, "any", "any", "any").path("release.yaml")
            needs = merged(needs_on(arrangement, "release", (path,)))
            self._approvals[environment] = tuple(Asked(need.name, need.count) for need in needs)
        return self._approvals[environment]

    def _asked(self, asking: Asking) -> tuple[Environment, ...]:
        known = self.ground.environments
        names = [asking.environment] if asking.environment else _along(known)
        return tuple(known[name] for name in names if name in known)


def _along(environments: Mapping[str, Environment]) -> list[str]:
    """Return the names so that each comes after what it promotes from, as far as that goes."""
    ordered: list[str] = []
    left = sorted(environments)
    while left:
        ready = [
            n
            for n in left
            if all(s in ordered or s not in environments for s in environments[n].promotes_from)
        ]
        # On a cycle nothing is ever ready: the rest follows by name.
        ordered += ready or left
        left = [n for n in left if n not in ordered]
    return ordered


@dataclass(frozen=True, slots=True)
class _Into:
    """One model and one environment."""

    outlook: Outlook
    waiting: Waiting
    obstacles: Obstacles
    model: ModelKey
    environment: Environment
    served: Served
    asking: Asking

    def moves(self, *, named: bool) -> Iterator[Move]:
        """Yield each move; ``named`` tells that somebody asked for this very environment."""
        found = candidates_for(self.environment, self.model, self.outlook.fleet, self.served)
        for candidate in found:
            yield self._move(candidate)
        if not found and named:
            yield self._nothing()

    def _move(self, candidate: Candidate) -> Move:
        origin = self._origin(candidate)
        steps = self._steps(candidate)
        changed = steps.targets(self.asking.targets) if steps else self._changed(candidate)
        blockers: tuple[Blocker, ...] = tuple(self._hard(candidate, changed))
        mover = self._mover(candidate, origin, changed)
        if steps and steps.is_elsewhere(self.asking.targets) and self._changed(candidate):
            blockers = (steps.elsewhere(),)
        elif changed:
            found = steps.blockers() if steps else ()
            excused = self.waiting.is_excused
            blockers += tuple(b for b in found if not excused(mover, b.code, self.outlook.now))
            blockers += self.waiting.before(mover)
        earliest = self.waiting.earliest(mover, blockers)
        late = self._late(candidate, mover, earliest)
        return Move(
            model=self.model,
            origin=origin,
            environment=self.environment.name,
            targets=changed,
            version=candidate.version,
            artifact=candidate.artifact,
            blockers=(*blockers, *late),
            approvals=self.outlook.approvals(self.environment.name),
            earliest=None if late else earliest,
            stands=any(map(candidate.stands_as, self._here().values())),
            group=self._group(candidate),
            step=steps.following if steps else None,
            steps=steps.progress.count if steps else 0,
            returns=steps is not None and steps.returns(blockers),
        )

    def _steps(self, candidate: Candidate) -> Steps | None:
        """Return where the rollout of the environment stands; None where it has no steps for it."""
        rollout = self.environment.rollout
        brief = self.outlook.fleet.briefs.get(candidate.manifest)
        if rollout is None or brief is None or brief.metrics is None or not candidate.artifact:
            return None
        what = (candidate.artifact, candidate.manifest)
        progress = progress_of(self.environment, rollout, self._here(), what)
        look = self.outlook
        heard = look.heard.get(candidate.artifact, ())
        name = self.environment.name
        return Steps(progress, name, self.model, brief, heard, look.stood_since, look.now)

    def _nothing(self) -> Move:
        name = self.environment.name
        blockers = self.obstacles.nothing_there(self.environment, self.model)
        asked = self.outlook.approvals(name)
        origin = " or ".join(self.environment.promotes_from) or MAIN
        return Move(self.model, origin, name, (), None, None, (blockers,), asked, None)

    def _hard(self, candidate: Candidate, changed: tuple[str, ...]) -> Iterator[Blocker]:
        """Yield what no time takes away."""
        if not changed:
            yield self.obstacles.nothing_new(self.environment)
            return
        new_places = any(target not in self._here() for target in changed)
        yield from self.obstacles.of_model(self.model, candidate.manifest, new=new_places)
        yield from self.obstacles.of_road(self.environment)
        yield from self._taken_back(candidate, changed)
        if MAIN in candidate.origins:
            if candidate.artifact and not self.outlook.admitted(self.model, candidate.manifest):
                yield self.obstacles.not_admitted(self.model)
            return
        stages = stages_of(self.environment, candidate.origins[0])
        missing = [stage for stage in stages if not self._serving(stage, candidate)]
        if missing:
            yield self.obstacles.stages_missing(self.environment, missing)

    def _taken_back(self, candidate: Candidate, changed: tuple[str, ...]) -> Iterator[Blocker]:
        """Yield where these very bytes were rolled back, unless a person names the model."""
        if candidate.artifact is None or self.model in self.asking.again:
            return
        name, artifact = self.environment.name, candidate.artifact
        by_name = f"`turnpike promote {self.model} --to {name}`"
        if MAIN in candidate.origins:
            by_name = f"`turnpike release {self.model} --to {name}`"
        ways = self.outlook.rolled_back
        yield from ways.blockers(self.model, name, changed, artifact, by_name)

    def _origin(self, candidate: Candidate) -> str:
        """Return from where it comes: the first stage, unless another has soaked for longer."""
        origins = candidate.origins
        if len(origins) == 1 or self.environment.fan_in == "all":
            return origins[0]
        wanted = self.environment.soak_seconds
        soaked = [min(self._healthy(stage, candidate) or 0, wanted) for stage in origins]
        return origins[soaked.index(max(soaked))]

    def _mover(self, candidate: Candidate, origin: str, changed: tuple[str, ...]) -> Mover:
        brief = self.outlook.fleet.briefs.get(candidate.manifest)
        first = origin == MAIN
        return Mover(
            model=self.model,
            tier=brief.tier if brief else "",
            environment=self.environment,
            targets=changed,
            stages=() if first else stages_of(self.environment, origin),
            healthy=lambda stage: self._healthy(stage, candidate),
        )

    def _late(
        self, candidate: Candidate, mover: Mover, earliest: datetime | None
    ) -> tuple[Blocker, ...]:
        """Return what is wrong with its evidence, now or by the time at which it could move."""
        here = self._here()
        if all(candidate.serves_as(here.get(target)) for target in mover.targets):
            return ()
        expiring = Expiring(self.outlook.evidence, self.environment, self.outlook.now)
        found = expiring.blockers(self.model, candidate, earliest)
        excused = self.waiting.is_excused
        hard = "release-evidence-missing"  # which yields to no waiver
        now = self.outlook.now
        return tuple(one for one in found if one.code == hard or not excused(mover, one.code, now))

    def _group(self, candidate: Candidate) -> str | None:
        brief = self.outlook.fleet.briefs.get(candidate.manifest)
        return brief.group if brief else None

    def _here(self) -> Mapping[str, Release]:
        return self.served.get(self.environment.name, {})

    def _changed(self, candidate: Candidate) -> tuple[str, ...]:
        names = (target.name for target in self.environment.targets)
        wanted = (name for name in names if not self.asking.targets or name in self.asking.targets)
        return tuple(n for n in wanted if not candidate.stands_as(self._here().get(n)))

    def _serving(self, stage: str, candidate: Candidate) -> dict[str, Release]:
        releases = self.served.get(stage, {})
        return {t: r for t, r in releases.items() if r.artifact == candidate.artifact}

    def _healthy(self, stage: str, candidate: Candidate) -> int | None:
        """Return how long a stage was seen to serve it healthily; one target is enough."""
        if not self.environment.soak_seconds:
            return 0
        seen = [self._seen(stage, t, r) for t, r in self._serving(stage, candidate).items()]
        return max(seen, default=None)

    def _seen(self, stage: str, target: str, release: Release) -> int:
        place = DeploymentKey(stage, target, self.model.team, self.model.model)
        brief = self.outlook.fleet.briefs.get(release.manifest)
        said = seen_at(place, self.outlook.heard.get(release.artifact, ()))
        return kept_seconds(brief.promise if brief else None, said, self.outlook.now)
