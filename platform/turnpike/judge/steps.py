"""What the policies see of a rollout: the step that a release is, and all that is before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from turnpike.judge.analysis import analysed, limits_for
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey, deployment_of
from turnpike.judge.policy_input import AnalysisInput, RolloutInput, StepInput
from turnpike.judge.rollout import Progress, Stride, progress_of, rollout_for
from turnpike.judge.soak import observations_of
from turnpike.judge.testimony import Testimony
from turnpike.manifest.release import Release
from turnpike.rendering.deployment import Deployment
from turnpike.topology.rollout import WHOLE


def rollout_input(
    facts: Facts, key: DeploymentKey, deployment: Deployment, testimony: Iterable[Testimony]
) -> RolloutInput | None:
    """Return how far a deployment's release has come; None where its environment has no steps."""
    rollout = rollout_for(deployment.environment, deployment.model)
    if rollout is None:
        return None
    release = deployment.release
    progress = progress_of(deployment.environment, rollout, standing_at(facts, key), release.what)
    stride = progress.step_to(key.target, release.traffic)
    number = stride.number if stride else 0
    watch = _Watch(facts, key, deployment, tuple(testimony))
    return RolloutInput(
        step=stride.number if stride else None,
        count=progress.count,
        shares=_shares(progress, key.target),
        skipped=tuple(
            StepInput(number=one.number, traffic=one.traffic, targets=one.targets)
            for one in progress.pending_before(number)
        ),
        analyses=tuple(
            analysis
            for one in progress.under_analysis(number)
            for target in one.targets
            for analysis in watch.told(one, target)
        ),
        rest=progress.rest_beside(key.target, release.traffic),
    )


def standing_at(facts: Facts, key: DeploymentKey) -> dict[str, Release]:
    """Return what main has of a model in an environment, by target."""
    places = ((deployment_of(path), release) for path, release in facts.base.releases.items())
    return {
        place.target: release
        for place, release in places
        if place and (place.environment, place.model_key) == (key.environment, key.model_key)
    }


def stood_since(facts: Facts, path: str) -> datetime | None:
    """Return when the release that stands at a path went in; None where nobody read it."""
    return next((one.at for one in facts.earlier if one.path == path), None)


def _shares(progress: Progress, target: str) -> tuple[int, ...]:
    shares = {step.traffic for step in progress.rollout.steps} | {WHOLE}
    return tuple(sorted(one for one in shares if progress.step_to(target, one)))


@dataclass(frozen=True, slots=True)
class _Watch:
    """What the analyses of one release share."""

    facts: Facts
    key: DeploymentKey
    deployment: Deployment
    testimony: tuple[Testimony, ...]

    def told(self, stride: Stride, target: str) -> Iterator[AnalysisInput]:
        """Yield what was seen of a step in a target; nothing where it asks for nothing."""
        if stride.step.analysis is None:
            return
        place = DeploymentKey(self.key.environment, target, self.key.team, self.key.model)
        since = stood_since(self.facts, place.path("release.yaml"))
        limits = limits_for(stride.step.analysis, self.deployment.model)
        said = observations_of(place, self.deployment.release, self.testimony)
        # What nobody knows the beginning of has not begun.
        found = analysed(limits, said, since or self.facts.clock, self.facts.clock)
        yield AnalysisInput(
            number=stride.number,
            traffic=stride.traffic,
            target=target,
            verdict=found.verdict,
            since=since,
            seen_seconds=found.seen_seconds,
            requests=found.requests,
            reasons=found.reasons,
        )
