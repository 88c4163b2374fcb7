"""Where Argo CD waits for a sync window it is told in words, with until when and what brings it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from turnpike.delivery.gap import Gap
from turnpike.delivery.look import Clusters, Seen, with_times
from turnpike.delivery.sync_window_gaps import Times, times_on
from turnpike.documents.reading import read
from turnpike.git.repository import Repository
from turnpike.judge.layout import SCHEDULE_PATH, DeploymentKey, project_path
from turnpike.topology.environment import ENVIRONMENT, Environment
from unit.delivery.looks import application, wanted
from unit.delivery.released import ENVIRONMENT_TEXT
from unit.delivery.test_look import FakeCluster
from unit.delivery.test_wanted import committed

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
PROJECT = b"kind: AppProject\nmetadata: {name: turnpike-production}\nspec:\n  description: Models\n"
OFFICE = b"windows: [{name: office, cron: 0 20 * * *, duration: PT1H}]\n"
FROZEN = b"""\
apiVersion: turnpike.dev/v1
kind: Schedule
freezes:
  - name: close
    start: "2026-11-27T18:00"
    end: "2026-12-01T06:00"
    teams: [oncology]
"""
WAITS = Gap("out-of-sync", "InferenceService/tumour", "what Git has", "else", "See.", passing=True)
ILL = Gap("unhealthy", "InferenceService/tumour", "Healthy", "Degraded", "Read.")


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    with Repository.create(tmp_path / "host.git") as made:
        yield made


def asking(text: bytes = b"") -> Environment:
    asks = b"delivery: {syncWindows: true}\n"
    return read(ENVIRONMENT, ENVIRONMENT_TEXT + asks + text, "environment.yaml")


def times(
    repository: Repository, environment: Environment, schedule: bytes | None = None
) -> Times | None:
    files = {project_path("production"): PROJECT}
    files |= {SCHEDULE_PATH: schedule} if schedule else {}
    return times_on(repository, committed(repository, {**files}), environment, AT)


def seen(*gaps: Gap) -> Seen:
    one = wanted()
    key = DeploymentKey("production", "local", "oncology", "tumour")
    return Seen(
        type(one)(key, one.cluster, one.release, one.kind, one.ever, one.neighbours),
        application().status,
        gaps,
    )


def told(found: Times | None, *gaps: Gap, live: object = "as main has it") -> tuple[Gap, ...]:
    """Return what is added, where Argo CD has a project as it is, or another."""
    wanted = yaml.safe_load(found.project) if found and found.project else None
    stands: Any = wanted if live == "as main has it" else live
    argocd = FakeCluster({("AppProject", "turnpike-production"): stands} if stands else {})
    clusters = Clusters(argocd, "argocd", lambda _: argocd)
    (one,) = with_times([seen(*gaps)], found, clusters)
    assert one.gaps[: len(gaps)] == gaps
    return one.gaps[len(gaps) :]


def test_what_waits_is_told_with_until_when_and_the_command(repository: Repository) -> None:
    (gap,) = told(times(repository, asking(OFFICE)), WAITS)
    assert (gap.code, gap.subject) == ("sync-window-closed", "turnpike-production")
    assert (gap.found, gap.passing) == ("closed until 2026-11-30T20:00Z", True)
    command = "turnpike delivery sync oncology/tumour --environment production --target local"
    assert f"`{command}`" in gap.solution


def test_a_freeze_of_all_environments_is_named(repository: Repository) -> None:
    (gap,) = told(times(repository, asking(), FROZEN), WAITS)
    assert gap.found == "frozen by close until 2026-12-01T06:00Z"


def test_a_window_that_never_opens_again_is_not_on_its_way(repository: Repository) -> None:
    over = b'windows: [{name: move, start: "2026-11-01T09:00", duration: PT1H}]\n'
    (gap,) = told(times(repository, asking(over)), WAITS)
    assert (gap.found, gap.passing) == ("closed and never open again", False)


def test_what_argo_cd_would_not_mend_waits_for_nothing(repository: Repository) -> None:
    assert told(times(repository, asking(OFFICE)), ILL) == ()
    assert told(times(repository, asking(OFFICE))) == ()


def test_an_open_window_holds_nothing_back(repository: Repository) -> None:
    noon = b"windows: [{name: noon, cron: 0 12 * * *, duration: PT1H}]\n"
    assert told(times(repository, asking(noon)), WAITS) == ()


def test_an_environment_that_does_not_ask_is_told_nothing(repository: Repository) -> None:
    plain = read(ENVIRONMENT, ENVIRONMENT_TEXT + OFFICE, "environment.yaml")
    assert times(repository, plain) is None
    assert told(None, WAITS, live={"spec": {"syncWindows": [{"kind": "deny"}]}}) == ()


@pytest.mark.parametrize("live", [None, {"spec": {}}, {"spec": {"syncWindows": [{}]}}])
def test_other_windows_in_argo_cd_are_told(repository: Repository, live: object) -> None:
    (gap,) = told(times(repository, asking(OFFICE)), live=live)
    assert (gap.code, gap.subject) == ("sync-windows-differ", "turnpike-production")


def test_no_windows_are_asked_for_by_an_environment_without_any(repository: Repository) -> None:
    assert told(times(repository, asking()), WAITS, live={"spec": {}}) == ()
