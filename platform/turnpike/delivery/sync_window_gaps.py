"""Whether Argo CD waits for a sync window, and whether its windows are those of main."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import yaml
from pydantic import JsonValue

from turnpike.delivery.gap import Gap
from turnpike.delivery.snapshot import Reader
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.git.repository import Repository
from turnpike.judge.layout import SCHEDULE_PATH, DeploymentKey, project_path
from turnpike.judge.movement import timeline_of
from turnpike.judge.sync_windows import derived_projects
from turnpike.schedule.subject import ScheduleSubject
from turnpike.schedule.timeline import Timeline
from turnpike.topology.environment import Environment
from turnpike.topology.window import SCHEDULE, Schedule

_HELD = frozenset(("out-of-sync", "revision-old", "syncing"))
"""By what a deployment is out of step that Argo CD would bring by itself."""


@dataclass(frozen=True, slots=True)
class Times:
    """When Argo CD brings something into an environment by itself, as main has it.

    ``project`` is the text of its project as it must be now; None where main has none.
    """

    environment: Environment
    schedule: Schedule | None
    project: str | None
    at: datetime

    def timeline(self, key: DeploymentKey) -> Timeline:
        """Return when a deployment is open: no entry that a sync window says asks for a tier."""
        subject = ScheduleSubject(key.environment, key.team, model=str(key.model_key))
        return timeline_of(self.environment, self.schedule, subject)


def times_on(
    repository: Repository, main: ObjectId, environment: Environment, at: datetime
) -> Times | None:
    """Return the times of an environment that asks for sync windows; None where it does not."""
    if not environment.delivery.sync_windows:
        return None
    path, name = project_path(environment.name), environment.name
    found = repository.read_all(main, [SCHEDULE_PATH, path])
    text = found.get(SCHEDULE_PATH)
    schedule = read(SCHEDULE, text, SCHEDULE_PATH) if text else None
    projects = {name: found[path].decode("utf-8", "replace")} if path in found else {}
    derived = derived_projects(projects, {name: environment}, schedule, at)
    return Times(environment, schedule, derived.get(path), at)


def held_back(times: Times, key: DeploymentKey, gaps: Iterable[Gap]) -> Iterator[Gap]:
    """Yield that Argo CD waits, where by its other gaps there is something that it would bring."""
    timeline, place = times.timeline(key), f"turnpike-{key.environment}"
    state = timeline.state(times.at)
    if state.open or not any(gap.code in _HELD for gap in gaps):
        return
    opens = timeline.next_open(times.at)
    until = f"until {opens:%Y-%m-%dT%H:%MZ}" if opens else "and never open again"
    yield Gap(
        "sync-window-closed",
        place,
        "an open sync window",
        f"frozen by {state.by} {until}" if state.by else f"closed {until}",
        "Wait until then; what must come at once, such as a rollback, brings"
        f" `turnpike delivery sync {key.model_key} --environment {key.environment}"
        f" --target {key.target}`.",
        passing=opens is not None,
    )


def otherwise_timed(times: Times, argocd: Reader, namespace: str) -> Iterator[Gap]:
    """Yield that the project in Argo CD has other sync windows than follow from main by now."""
    wanted: JsonValue = yaml.safe_load(times.project) if times.project else None
    name = str(_at(wanted, "metadata", "name") or f"turnpike-{times.environment.name}")
    found = argocd.find("AppProject", namespace, name)
    if wanted is None or _at(found, "spec", "syncWindows") != _at(wanted, "spec", "syncWindows"):
        yield Gap(
            "sync-windows-differ",
            name,
            "the windows and freezes of main, as they are from now on",
            "others",
            "See that Argo CD's application turnpike-platform is Synced; if it is, `turnpike access"
            " render` brings main's own file up to date.",
        )


def _at(value: JsonValue, *names: str) -> JsonValue:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
