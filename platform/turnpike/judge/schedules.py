"""Schedules that a change brings and that nobody can mean: each names its file and field."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.layout import SCHEDULE_PATH
from turnpike.schedule.contradictions import Contradiction, contradictions, shut_windows
from turnpike.topology.organisation import Organisation
from turnpike.topology.window import Occasion, Schedule


def schedule_findings(facts: Facts) -> tuple[Finding, ...]:
    """Return what is wrong with the windows and freezes that the change brings."""
    return tuple(
        finding
        for path, schedule in _brought(facts)
        for finding in _of_schedule(facts, path, schedule)
    )


def _brought(facts: Facts) -> Iterator[tuple[str, Schedule]]:
    for name, environment in facts.head.environments.items():
        yield f"environments/{name}/environment.yaml", environment.schedule()
    if facts.head.schedule is not None:
        yield SCHEDULE_PATH, facts.head.schedule


def _of_schedule(facts: Facts, path: str, schedule: Schedule) -> Iterator[Finding]:
    found = (*contradictions(schedule), *shut_windows(schedule, facts.clock))
    for one in (*found, *_unknown_subjects(facts, schedule)):
        yield Finding(
            code="schedule.contradictory",
            subject=path,
            expected=f"{one.field}: {one.expected}",
            actual=one.actual,
            message="An entry of a schedule can't be meant as it stands.",
            solution="Correct the entry; docs/schedules.md says what each field means.",
        )


def _unknown_subjects(facts: Facts, schedule: Schedule) -> Iterator[Contradiction]:
    """An entry for a team or an environment that does not exist would never hold."""
    organisation = facts.base.organisation
    if organisation is None:
        return
    environments = {*facts.base.environments, *facts.head.environments}
    for kind, entries in (("windows", schedule.windows), ("freezes", schedule.freezes)):
        for number, entry in enumerate(entries):
            yield from _unknown_in(f"{kind}.{number}", entry, organisation, environments)


def _unknown_in(
    field: str, entry: Occasion, organisation: Organisation, environments: set[str]
) -> Iterator[Contradiction]:
    teams = {team.name for team in organisation.teams}
    owners = tuple(model.partition("/")[0] for model in entry.models)
    for name, known, named in (
        ("environments", environments, entry.environments),
        ("teams", teams, entry.teams),
        ("models", teams, owners),
    ):
        for unknown in sorted(set(named) - known):
            wanted = f"one of {', '.join(sorted(known)) or 'none'}"
            yield Contradiction(f"{field}.{name}", wanted, unknown)
