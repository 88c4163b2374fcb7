"""Where a rollout stands: which of its steps is next, and what must be behind it.

The steps of an environment are one list for all of its targets. What stands on main says which of
them were carried out; nothing else is kept anywhere, so that whoever comes next goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.manifest.release import Release, Rest, What
from turnpike.topology.environment import Environment
from turnpike.topology.rollout import WHOLE, Rollout, Step, targets_of


@dataclass(frozen=True, slots=True)
class Stride:
    """A step of a rollout: its number from 1 on, and some targets of it."""

    number: int
    step: Step
    targets: tuple[str, ...]

    @property
    def traffic(self) -> int:
        """Return the share that it gives."""
        return self.step.traffic

    def __str__(self) -> str:
        return f"step {self.number} ({self.traffic} % in {', '.join(self.targets)})"


@dataclass(frozen=True, slots=True)
class Progress:
    """What a candidate has come to: ``standing`` are the model's releases here, by target.

    ``candidate`` are the bytes and the manifest that go in.
    """

    rollout: Rollout
    names: tuple[str, ...]
    standing: Mapping[str, Release]
    candidate: What

    @property
    def count(self) -> int:
        """Return how many steps there are."""
        return len(self.rollout.steps)

    def following(self) -> Stride | None:
        """Return the step that is next, where it has not taken place; None where all is done."""
        return next(self._pending(self.count), None)

    def pending_before(self, number: int) -> tuple[Stride, ...]:
        """Return the steps before a step that were not carried out, each where it was not."""
        return tuple(self._pending(number - 1))

    def step_to(self, target: str, traffic: int) -> Stride | None:
        """Return the step that gives a target this share; None where there is none for it."""
        for number, step in self._numbered():
            here = target in targets_of(step, self.names)
            if here and step.traffic == traffic and self._applies(step, target):
                return Stride(number, step, (target,))
        return None

    def under_analysis(self, number: int) -> tuple[Stride, ...]:
        """Return the steps before a step in which some targets stand right now."""
        found = (
            Stride(n, step, tuple(t for t in targets_of(step, self.names) if self._is_at(step, t)))
            for n, step in self._numbered()
            if n < number and step.analysis is not None
        )
        return tuple(stride for stride in found if stride.targets)

    def rest_beside(self, target: str, traffic: int) -> Rest | None:
        """Return what serves the rest beside a share of the traffic in a target."""
        return None if traffic == WHOLE else rest_of(self.standing.get(target), self.candidate)

    def _numbered(self) -> Iterator[tuple[int, Step]]:
        return enumerate(self.rollout.steps, 1)

    def _pending(self, most: int) -> Iterator[Stride]:
        for number, step in self._numbered():
            left = tuple(t for t in targets_of(step, self.names) if self._is_left(step, t))
            if left and number <= most:
                yield Stride(number, step, left)

    def _is_left(self, step: Step, target: str) -> bool:
        return self._applies(step, target) and not self._has(step, target)

    def _has(self, step: Step, target: str) -> bool:
        found = self.standing.get(target)
        return found is not None and found.what == self.candidate and found.traffic >= step.traffic

    def _is_at(self, step: Step, target: str) -> bool:
        return self._has(step, target) and self.standing[target].traffic == step.traffic

    def _applies(self, step: Step, target: str) -> bool:
        """Tell whether a target takes a step: a share only beside something that serves."""
        found = self.standing.get(target)
        return step.traffic == WHOLE or rest_of(found, self.candidate) is not None


def rest_of(standing: Release | None, candidate: What) -> Rest | None:
    """Return what serves beside a candidate, where a release stands; None where nothing does.

    It is what last had the whole traffic: a candidate that was given up half-way leaves it as it
    was. What serves the rest itself has nothing beside it: it takes back what it had.
    """
    if standing is None:
        return None
    if standing.what != candidate and standing.traffic == WHOLE:
        return standing.as_rest()
    rest = standing.rest
    return None if rest and (rest.artifact, rest.manifest) == candidate else rest


def rollout_for(
    environment: Environment, model: PredictiveModel | GenerativeModel
) -> Rollout | None:
    """Return by which steps a model goes in; a gateway's route is open or shut, and has none."""
    return None if isinstance(model, GenerativeModel) else environment.rollout


def progress_of(
    environment: Environment,
    rollout: Rollout,
    standing: Mapping[str, Release],
    candidate: What,
) -> Progress:
    """Return how far a candidate has come in an environment."""
    names = tuple(target.name for target in environment.targets)
    return Progress(rollout, names, standing, candidate)
