"""The environments as a graph: which of them a model can get to, and what is wrong with the file.

An environment without ``promotesFrom`` is a first stage; any number may promote from one (fan-out)
and one may promote from several (fan-in). What is wrong is named by file and field and closes the
environments that it is about; all others go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from turnpike.errors import Problem
from turnpike.topology.environment import Environment


def faults_of(environments: Mapping[str, Environment]) -> tuple[Problem, ...]:
    """Return every source that no environment is, and every environment on a cycle."""
    return (*_unknown_sources(environments), *_cycles(environments))


def on_a_cycle(environments: Mapping[str, Environment]) -> dict[str, tuple[str, ...]]:
    """Return each environment that promotes from itself in the end, with one way round."""
    found = ((name, _way_round(environments, name)) for name in sorted(environments))
    return {name: way for name, way in found if way}


def _unknown_sources(environments: Mapping[str, Environment]) -> Iterator[Problem]:
    for name, environment in sorted(environments.items()):
        for number, source in enumerate(environment.promotes_from):
            if source not in environments:
                known = ", ".join(sorted(environments))
                yield _problem(name, f"promotesFrom.{number}", f"one of {known}", source)


def _cycles(environments: Mapping[str, Environment]) -> Iterator[Problem]:
    for name, way in on_a_cycle(environments).items():
        number = environments[name].promotes_from.index(way[-2])
        wanted = "an environment that nothing promotes into from here"
        yield _problem(name, f"promotesFrom.{number}", wanted, " > ".join(way))


def _problem(name: str, field: str, expected: str, actual: str) -> Problem:
    return Problem(f"environments/{name}/environment.yaml", 0, field, expected, actual)


def _way_round(environments: Mapping[str, Environment], start: str) -> tuple[str, ...]:
    """Return a way from an environment back to itself, as models would go; empty without one."""
    waiting: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while waiting:
        way = waiting.pop(0)
        environment = environments.get(way[0])
        for source in environment.promotes_from if environment else ():
            if source == start:
                return (source, *way)
            if source not in seen:
                seen.add(source)
                waiting.append((source, *way))
    return ()
