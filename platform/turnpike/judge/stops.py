"""Who stops the line, and who lets it go on: one person's word, and two people's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from turnpike.approvals.required import Need
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.layout import stop_of
from turnpike.topology.environment import Environment
from turnpike.topology.organisation import Organisation
from turnpike.topology.stop import Stop


def stop_needs(facts: Facts, organisation: Organisation) -> Iterator[Need]:
    """Yield the approvals that the stops of a change need.

    A new stop goes in on the word of any one person on call, the author's own included. To take a
    stop away, or to edit one, takes two others of them.
    """
    group = organisation.roles.on_call or organisation.roles.platform_owners
    for change in facts.changes:
        if stop_of(change.path) is None:
            continue
        if change.old is None:
            yield Need((group,), 1, f"{change.path} stops the line", own_word=True)
        else:
            yield Need((group,), 2, f"{change.path} lets the line go on")


@dataclass(frozen=True, slots=True)
class Scopes:
    """What a stop may name, from main: environments with the clouds of their targets, and teams."""

    places: Mapping[str, frozenset[str]]
    teams: frozenset[str]

    def unknown_in(self, stop: Stop) -> Iterator[tuple[str, str, str]]:
        """Yield what a stop names that nothing is called: its field, what may stand there, it."""
        known_clouds = frozenset(cloud for clouds in self.places.values() for cloud in clouds)
        owners = tuple(_team_of(model) for model in stop.models)
        for field, known, named in (
            ("environments", frozenset(self.places), stop.environments),
            ("clouds", known_clouds, stop.clouds),
            ("teams", self.teams, stop.teams),
            ("models (the team of each)", self.teams, owners),
        ):
            for unknown in sorted(set(named) - known):
                yield field, f"one of {_listed(known)}", unknown
        yield from self._beside(stop)

    def _beside(self, stop: Stop) -> Iterator[tuple[str, str, str]]:
        """Yield what is named in vain beside the rest: a stop is of what all its lists name."""
        there = frozenset(c for one in stop.environments for c in self.places.get(one, ()))
        for cloud in stop.clouds if there else ():
            if cloud not in there and any(cloud in one for one in self.places.values()):
                wanted = f"one that {_listed(stop.environments)} has: {_listed(there)}"
                yield "clouds", wanted, cloud
        for model in stop.models if stop.teams else ():
            if _team_of(model) in self.teams - set(stop.teams):
                yield "models", f"one of the teams that it names, {_listed(stop.teams)}", model


def _team_of(model: str) -> str:
    return model.partition("/")[0]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def scopes_of(organisation: Organisation | None, environments: Mapping[str, Environment]) -> Scopes:
    """Return what a stop may name."""
    teams = {team.name for team in organisation.teams} if organisation else set()
    places = {
        name: frozenset(target.cloud for target in one.targets)
        for name, one in environments.items()
    }
    return Scopes(places, frozenset(teams))


def stop_findings(facts: Facts) -> Iterator[Finding]:
    """Yield each stop of the change that does not say what it is, or that would stop nothing."""
    scopes = scopes_of(facts.base.organisation, facts.base.environments)
    for name, stop in facts.head.stops.items():
        path = f"environments/stops/{name}.yaml"
        if stop.name != name:
            yield _finding("document.path-and-name-disagree", path, name, stop.name)
        for field, wanted, unknown in scopes.unknown_in(stop):
            yield _finding("stop.unknown-subject", path, f"{field}: {wanted}", unknown)


def _finding(code: str, path: str, expected: str, actual: str) -> Finding:
    return Finding(
        code=code,
        subject=path,
        expected=expected,
        actual=actual,
        message=f"{path} says {actual}, but {expected} is what may stand here.",
        solution="Correct the file; a stop that speaks of nobody would stop nothing.",
    )
