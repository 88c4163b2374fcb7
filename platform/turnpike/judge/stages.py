"""Whether the environments are stages of a road: each waits for others that exist, none for itself.

Where every stage waits for another one nothing is production, and nobody would be asked who can
bring a change of their own there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from turnpike.judge.arrangement import Arrangement, rearrangement
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.topology.environment import Environment


def stage_findings(facts: Facts) -> Iterator[Finding]:
    """Yield what keeps the environments, as they would be after the change, from being a road."""
    after = rearrangement(facts)
    if after is not None:
        yield from stage_faults(after)


def stage_faults(arrangement: Arrangement) -> Iterator[Finding]:
    """Yield what keeps environments from being a road, or hides which of them is production."""
    stages = arrangement.environments
    for name, environment in sorted(stages.items()):
        for source in environment.promotes_from:
            if source not in stages:
                yield _finding("environment.unknown-source", name, "one that exists", source)
    for circle in circles(stages):
        found = " from ".join((*circle, circle[0]))
        wanted = "no stage that waits for this one"
        yield _finding("environment.circle", circle[0], wanted, found)
    for name in arrangement.organisation.segregation.production:
        if name not in stages:
            yield Finding(
                code="organisation.unknown-environment",
                subject=ORGANISATION_PATH,
                expected="segregation.production: environments that exist",
                actual=name,
                message=f"{name} is no environment, so nobody would be asked who can change it.",
                solution="Name an environment, or leave the list out.",
            )


def circles(environments: Mapping[str, Environment]) -> tuple[tuple[str, ...], ...]:
    """Return the stages that wait for themselves, each circle once from its first name on."""
    found = {_circle(environments, name) for name in environments}
    return tuple(sorted(circle for circle in found if circle))


def _circle(environments: Mapping[str, Environment], name: str) -> tuple[str, ...]:
    """Return a shortest circle of which a stage is the first name; empty where there is none."""
    ways: list[tuple[str, ...]] = [(name,)]
    seen: set[str] = set()
    for way in ways:
        last = environments.get(way[-1])
        for source in last.promotes_from if last else ():
            if source == name:
                return way
            if source not in seen and source > name:
                seen.add(source)
                ways.append((*way, source))
    return ()


def _finding(code: str, name: str, expected: str, actual: str) -> Finding:
    path = f"environments/{name}/environment.yaml"
    return Finding(
        code=code,
        subject=path,
        expected=f"promotesFrom: {expected}",
        actual=actual,
        message="Releases go from stage to stage, from a first one to the last.",
        solution=f"Correct promotesFrom in {path}.",
    )
