"""What a rollout under way puts before its next step: the analyses of those that it has taken."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from turnpike.evidence.predicates import Observation
from turnpike.judge.analysis import Analysed, analysed, limits_of
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.judge.rollout import Progress, Stride
from turnpike.judge.soak import seen_at
from turnpike.promotion.brief import Brief
from turnpike.promotion.moment import past, spoken
from turnpike.promotion.move import Blocker
from turnpike.topology.rollout import Analysis


@dataclass(frozen=True, slots=True)
class Steps:
    """One candidate on its way into one environment, step by step.

    ``heard`` is what observers say of its artifact, wherever they saw it.
    """

    progress: Progress
    environment: str
    model: ModelKey
    brief: Brief
    heard: Iterable[Observation]
    stood_since: Callable[[str], datetime | None]
    now: datetime

    @property
    def following(self) -> Stride | None:
        """Return the step that is next; None where all has taken place."""
        return self.progress.following()

    def targets(self, asked: Collection[str]) -> tuple[str, ...]:
        """Return where the next step takes place, of the targets that are asked about."""
        following = self.following
        found = following.targets if following else ()
        return tuple(name for name in found if not asked or name in asked)

    def is_elsewhere(self, asked: Collection[str]) -> bool:
        """Tell whether the next step takes place, but in none of the targets asked about."""
        return self.following is not None and not self.targets(asked)

    def elsewhere(self) -> Blocker:
        """Say which step comes first."""
        return Blocker(
            code="step-skipped",
            says=f"{self.following} comes first",
            until=None,
            solution="Promote without --target: the steps have an order.",
        )

    def blockers(self) -> tuple[Blocker, ...]:
        """Return each analysis of a step before the next one that has not passed."""
        following = self.following
        if following is None:
            return ()
        strides = self.progress.under_analysis(following.number)
        return tuple(
            blocker
            for stride in strides
            for target in stride.targets
            for blocker in self._of(Stride(stride.number, stride.step, (target,)))
        )

    def returns(self, blockers: Iterable[Blocker]) -> bool:
        """Tell whether the environment wants the way back now."""
        failed = any(blocker.code == "analysis-failed" for blocker in blockers)
        return failed and self.progress.rollout.on_failure == "rollback"

    def _of(self, stride: Stride) -> Iterator[Blocker]:
        asked, (target,) = stride.step.analysis, stride.targets
        if asked is None:
            return
        place = DeploymentKey(self.environment, target, self.model.team, self.model.model)
        since = self.stood_since(place.path("release.yaml"))
        limits = limits_of(asked, self.brief.promise, self.brief.metrics or {})
        found = analysed(limits, seen_at(place, self.heard), since or self.now, self.now)
        if found.verdict == "failed":
            yield self._failed(stride, found)
        elif found.verdict == "running":
            yield self._running(stride, asked, found, since)

    def _failed(self, stride: Stride, found: Analysed) -> Blocker:
        rolls_back = self.progress.rollout.on_failure == "rollback"
        then = "rolls back" if rolls_back else "holds"
        back = f"turnpike rollback {self.model} --in {self.environment}"
        return Blocker(
            code="analysis-failed",
            says=f"the analysis of {stride} failed, and it {then}: {'; '.join(found.reasons)}",
            until=None,
            solution="`turnpike promote` opens the way back." if rolls_back else f"`{back}`.",
        )

    def _running(
        self, stride: Stride, asked: Analysis, found: Analysed, since: datetime | None
    ) -> Blocker:
        ends = _end(asked, found, self.now)
        begun = f" since {past(since, self.now)}" if since else ""
        until = f" until {spoken(ends, self.now)}" if ends else ""
        return Blocker(
            code="analysis-incomplete",
            says=f"the analysis of {stride} runs{begun}{until} ({'; '.join(found.reasons)})",
            until=ends,
            solution=f"Let it run in {self.environment}, watched by an observer.",
        )


def _end(asked: Analysis, found: Analysed, now: datetime) -> datetime | None:
    """Return when it passes if all goes on as it did; None where nobody can tell."""
    seconds = max(0, asked.duration_seconds - found.seen_seconds)
    if missing := max(0, asked.minimum_requests - found.requests):
        pace = found.requests / found.seen_seconds if found.seen_seconds else 0
        seconds = max(seconds, round(missing / pace)) if pace else asked.duration_seconds
    return now + timedelta(seconds=seconds) if seconds else None
