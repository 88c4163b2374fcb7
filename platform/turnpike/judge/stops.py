"""Who stops the line, and who lets it go on: one person's word, and two people's."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.approvals.required import Need
from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.layout import stop_of
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


def stop_findings(facts: Facts) -> Iterator[Finding]:
    """Yield each stop of the change that does not say what it is, or that would stop nothing."""
    organisation = facts.base.organisation
    teams = {team.name for team in organisation.teams} if organisation else set()
    for name, stop in facts.head.stops.items():
        path = f"environments/stops/{name}.yaml"
        if stop.name != name:
            yield _finding("document.path-and-name-disagree", path, name, stop.name)
        for field, known, named in _scopes(facts, stop, teams):
            for unknown in sorted(set(named) - known):
                expected = f"{field}: one of {', '.join(sorted(known)) or 'none'}"
                yield _finding("stop.unknown-subject", path, expected, unknown)


def _scopes(
    facts: Facts, stop: Stop, teams: set[str]
) -> Iterator[tuple[str, set[str], tuple[str, ...]]]:
    yield "environments", set(facts.base.environments), stop.environments
    yield "teams", teams, stop.teams
    owners = tuple(model.partition("/")[0] for model in stop.models)
    yield "models (the team of each)", teams, owners


def _finding(code: str, path: str, expected: str, actual: str) -> Finding:
    return Finding(
        code=code,
        subject=path,
        expected=expected,
        actual=actual,
        message=f"{path} says {actual}, but {expected} is what may stand here.",
        solution="Correct the file; a stop that speaks of nobody would stop nothing.",
    )
