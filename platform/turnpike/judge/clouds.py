"""Targets and stops that name a cloud or a region that is none, or are not what theirs asks for."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.layout import CLOUDS_PATH
from turnpike.topology.clouds import names_of
from turnpike.topology.target import target_problems


def cloud_findings(facts: Facts) -> tuple[Finding, ...]:
    """Return what the change's environments, stops or clouds say that cannot be."""
    return (*_targets(facts), *_stops(facts))


def _targets(facts: Facts) -> Iterator[Finding]:
    """A change of environments follows main's clouds; one of the clouds fits all environments."""
    clouds = facts.head.clouds or facts.base.clouds
    touched = facts.base.environments if facts.head.clouds else {}
    for _, environment in sorted({**touched, **facts.head.environments}.items()):
        for problem in target_problems(environment, clouds):
            yield _finding(problem.file, problem.field, problem.expected, problem.actual)


def _stops(facts: Facts) -> Iterator[Finding]:
    """A stop of a cloud that is none would stop nothing."""
    known = names_of(facts.base.clouds)
    for name, stop in sorted(facts.head.stops.items()):
        for number, cloud in enumerate(stop.clouds):
            if cloud not in known:
                path = f"environments/stops/{name}.yaml"
                yield _finding(path, f"clouds.{number}", f"one of {', '.join(known)}", cloud)


def _finding(path: str, field: str, expected: str, actual: str) -> Finding:
    return Finding(
        code="environment.cloud-mismatch",
        subject=path,
        expected=f"{field}: {expected}",
        actual=actual,
        message=f"{path} says something else than {CLOUDS_PATH}.",
        solution=f"Correct the field, or bring the cloud or region into {CLOUDS_PATH} first.",
    )
