"""Step 6 for the sync windows of Argo CD: they are the windows and freezes that the gate judges by.

Only of environments that ask for it (``delivery.syncWindows``). Each of the other projects has no
derived ones, and may have its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from turnpike.judge.decision import Finding
from turnpike.judge.facts import Facts
from turnpike.judge.layout import SCHEDULE_PATH, project_path
from turnpike.rendering.argocd_project import misfit, with_sync_windows
from turnpike.schedule.occurrences import occurrences_of
from turnpike.schedule.sync_windows import sync_windows
from turnpike.topology.environment import Environment
from turnpike.topology.sync_window import SyncWindow
from turnpike.topology.window import Freeze, Schedule, Window

_SOON = timedelta(days=1)
"""Longer than a decision ever holds."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """An environment's sync windows, and by what they are not those of the gate."""

    windows: tuple[SyncWindow, ...]
    findings: tuple[Finding, ...]


def timetable_of(environment: Environment, shared: Schedule | None, at: datetime) -> Timetable:
    """Return what Argo CD is to be told of an environment's times; nothing unless it asks."""
    if not environment.delivery.sync_windows:
        return Timetable((), ())
    path = f"environments/{environment.name}/environment.yaml"
    schedules = [(path, environment.schedule())]
    schedules += [(SCHEDULE_PATH, shared)] if shared else []
    found = [(place, sync_windows(one, environment.name, at)) for place, one in schedules]
    return Timetable(
        windows=tuple(chain.from_iterable(windows for _, (windows, _) in found)),
        findings=tuple(
            _unsayable(f"{place}: {one.field}", one.expected, one.actual)
            for place, (_, unsaid) in found
            for one in unsaid
        ),
    )


def derived_projects(
    projects: Mapping[str, str],
    environments: Mapping[str, Environment],
    shared: Schedule | None,
    at: datetime,
) -> dict[str, str]:
    """Return the texts of projects as they must be, by path: of all that have derived windows.

    Or are to have, or are to have no more; left out is what no text can say.
    """
    found: dict[str, str] = {}
    for name, text in projects.items():
        environment = environments.get(name)
        table = timetable_of(environment, shared, at) if environment else Timetable((), ())
        derived = with_sync_windows(text, name, table.windows)
        asks = environment is not None and environment.delivery.sync_windows
        if not table.findings and (asks or derived != text):
            found[project_path(name)] = derived
    return found


def unsaid_times(
    projects: Mapping[str, str],
    environments: Iterable[Environment],
    shared: Schedule | None,
    at: datetime,
) -> Iterator[Finding]:
    """Yield what keeps an environment that asks for sync windows from having them."""
    for environment in environments:
        if not environment.delivery.sync_windows:
            continue
        yield from timetable_of(environment, shared, at).findings
        path = project_path(environment.name)
        text = projects.get(environment.name)
        if text is None:
            yield _misplaced(
                path, "the project of an environment that asks for sync windows", "none"
            )
        elif unfit := misfit(text):
            yield _misplaced(path, *unfit)


def sync_window_ends(facts: Facts) -> Iterator[datetime]:
    """Yield when something ends that projects have been derived from: another text is due then."""
    if not (facts.base.projects or facts.head.projects):
        return
    schedules = (facts.base.schedule, facts.head.schedule)
    for environment in {**facts.base.environments, **facts.head.environments}.values():
        if environment.delivery.sync_windows:
            for schedule in filter(None, (environment.schedule(), *schedules)):
                yield from _ends(schedule, facts.clock)


def _ends(schedule: Schedule, at: datetime) -> Iterator[datetime]:
    entries: tuple[Window | Freeze, ...] = (*schedule.windows, *schedule.freezes)
    for entry in entries:
        if entry.start and (entry.rdate or not entry.rrule):
            yield from (one.end for one in occurrences_of(entry).between(at, at + _SOON))


def _unsayable(subject: str, expected: str, actual: str) -> Finding:
    return Finding(
        code="schedule.unsayable",
        subject=subject,
        expected=expected,
        actual=actual,
        message="No sync window of Argo CD holds at just the times of this entry.",
        solution="Write the entry so that one does, or leave out delivery.syncWindows.",
    )


def _misplaced(subject: str, expected: str, actual: str) -> Finding:
    return Finding(
        code="access.differs",
        subject=subject,
        expected=expected,
        actual=actual,
        message="A program would be told otherwise than organisation and environments declare.",
        solution="Put the file right, then run `turnpike access render`, in the same change.",
    )
