"""How an environment lets a new artifact in by steps, and what must be seen before the next one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from turnpike.documents.document import Part
from turnpike.documents.identifiers import Name

WHOLE = 100


class Analysis(Part):
    """What observers must have seen of a step, for how long, before the next step may follow.

    The latency is the model's own promise where none is given. ``demands_quality`` asks for the
    metrics of the model's ``validation.thresholds``, measured on what serves, and for no worse
    values than those.
    """

    duration_seconds: int = Field(ge=1)
    minimum_requests: int = Field(ge=1)
    maximum_error_rate: float = Field(ge=0, le=1)
    maximum_latency_p95_milliseconds: float | None = Field(default=None, gt=0, le=60_000)
    demands_quality: bool = False


class Step(Part):
    """A share of the traffic in some targets, all of the environment's where none is named.

    A share of 0 is a shadow: the artifact runs beside what serves, and answers nobody.
    """

    traffic: int = Field(ge=0, le=WHOLE)
    targets: tuple[Name, ...] = ()
    analysis: Analysis | None = None


class Rollout(Part):
    """The steps, one after the other, and what a failed analysis leads to.

    With ``hold`` the step stands until its analysis passes or somebody rolls back; with
    ``rollback`` the next promotion is the way back.
    """

    on_failure: Literal["hold", "rollback"]
    steps: tuple[Step, ...] = Field(min_length=2)


def targets_of(step: Step, all_targets: Iterable[str]) -> tuple[str, ...]:
    """Return where a step takes place, in the order of the environment's targets."""
    return tuple(name for name in all_targets if not step.targets or name in step.targets)


def faults_of(rollout: Rollout, all_targets: Iterable[str], splitting: Iterable[str]) -> str:
    """Tell the first thing that nobody can mean, by its field; empty where there is none.

    ``splitting`` are the targets that can give an artifact less than the whole traffic.
    """
    return next(_faults(rollout.steps, tuple(all_targets), frozenset(splitting)), "")


def _faults(
    steps: tuple[Step, ...], names: tuple[str, ...], splitting: frozenset[str]
) -> Iterator[str]:
    for number, step in enumerate(steps):
        yield from _of_step(f"steps.{number}", step, names, splitting)
    yield from _of_analyses(steps)
    for name in names:
        yield from _of_target(steps, name, names)


def _of_step(
    field: str, step: Step, names: tuple[str, ...], splitting: frozenset[str]
) -> Iterator[str]:
    for place, name in enumerate(step.targets):
        if name not in names:
            yield f"{field}.targets.{place}: one of the targets {', '.join(names)}, not {name}"
        if name in step.targets[:place]:
            yield f"{field}.targets.{place}: each target once, not {name} again"
    for name in targets_of(step, names):
        if step.traffic < WHOLE and name not in splitting:
            yield (
                f"{field}.traffic: 100 in {name}, which can't split traffic"
                f" (deploymentMode: Knative can), not {step.traffic}"
            )


def _of_analyses(steps: tuple[Step, ...]) -> Iterator[str]:
    for number, step in enumerate(steps[:-1]):
        if step.analysis is None:
            yield f"steps.{number}.analysis: what must be seen before the next step, not nothing"
    if steps[-1].analysis is not None:
        wanted = "nothing, for no step follows (soakSeconds of the next environment asks for more)"
        yield f"steps.{len(steps) - 1}.analysis: {wanted}"


def _of_target(steps: tuple[Step, ...], name: str, names: tuple[str, ...]) -> Iterator[str]:
    before: tuple[int, int] | None = None
    for number, step in enumerate(steps):
        if name not in targets_of(step, names):
            continue
        if before is not None and step.traffic == before[1]:
            yield (
                f"steps.{number}: a step of its own in {name}, not {step.traffic} as"
                f" steps.{before[0]} (they overlap)"
            )
        if before is not None and step.traffic < before[1]:
            yield (
                f"steps.{number}.traffic: more than {before[1]}, which {name} has from"
                f" steps.{before[0]} on, not {step.traffic}"
            )
        before = number, step.traffic
    if before is None:
        yield f"steps: a last step of 100 in {name}, not none"
    elif before[1] != WHOLE:
        yield f"steps.{before[0]}.traffic: 100 in the last step of {name}, not {before[1]}"
