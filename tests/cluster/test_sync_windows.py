"""Argo CD holds back what main says while a sync window is closed, until somebody asks for it.

Dev asks for it for the length of this file; nobody else ever does.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cluster.delivered import KEY, newer, released_in, turn, wait
from cluster.test_asking_argocd import OPERATOR, asked
from cluster.test_asking_argocd import tokens as tokens  # noqa: PLC0414 - a fixture of this file too
from cluster.test_story import codes, status_of
from cluster.world import MODEL, TEAM, ClusterWorld
from end_to_end.people import PLATFORM_OWNER
from turnpike.documents.reading import read
from turnpike.judge.layout import project_path
from turnpike.judge.sync_windows import derived_projects
from turnpike.topology.environment import ENVIRONMENT

APPLICATION = f"dev.local.{TEAM}.{MODEL}"
OWN, PROJECT = "environments/dev/environment.yaml", project_path("dev")
# Kubernetes' client leaves the sockets of a server that was killed to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"
)
HELD_SECONDS = 20
"""For how long nothing may come: in step it takes five."""


def windows_of(world: ClusterWorld) -> list[Any]:
    """Return the sync windows that Argo CD has for dev."""
    found = world.fleet.control.find("argoproj.io/v1alpha1", "AppProject", "turnpike-dev", "argocd")
    assert found is not None
    return list(found["spec"].get("syncWindows", ()))


def text_of(world: ClusterWorld, path: str) -> str:
    content = world.host.clone.read(world.host.main(), path)
    assert content is not None
    return content.decode()


def changed(world: ClusterWorld, own: str, project: str) -> int:
    """Propose another environment.yaml of dev, and another project, as a platform owner."""
    number = world.propose({OWN: own.encode(), PROJECT: project.encode()}, "sam-rivera")
    world.approve(number, PLATFORM_OWNER)
    return number


@pytest.fixture(scope="module", autouse=True)
def _closed(world: ClusterWorld, tokens: dict[str, str]) -> Iterator[None]:
    """Close dev's only window for the next hours, in the gate and in Argo CD, with one change."""
    if released_in(world, "dev") != newer(world):
        turn(world, "dev")
    wait(world, "dev")
    own, project = text_of(world, OWN), text_of(world, PROJECT)
    hour = (datetime.now(UTC) + timedelta(hours=12)).hour
    asking = f"{own}\ndelivery: {{syncWindows: true}}\n"
    asking += f"windows: [{{name: later, cron: 0 {hour} * * *, duration: PT1H}}]\n"
    environment = read(ENVIRONMENT, asking.encode(), OWN)
    derived = derived_projects({"dev": project}, {"dev": environment}, None, datetime.now(UTC))
    assert world.findings(changed(world, asking, f"{project}# by hand\n")) >= {"access.differs"}
    world.merge(changed(world, asking, derived[PROJECT]))
    world.until("sync windows merged, until Argo CD has them", lambda: windows_of(world))
    yield
    world.merge(changed(world, own, project))
    world.until("sync windows gone, until Argo CD has none", lambda: not windows_of(world))
    turn(world, "dev")
    wait(world, "dev")


def begin_by_itself(world: ClusterWorld) -> None:
    """Let Argo CD be at a sync that it began by itself before the window closed, and holds now."""
    begun = {"initiatedBy": {"automated": True}, "sync": {"prune": True}}
    world.patch_application(APPLICATION, {"operation": begun})
    world.until(
        "a sync begun by itself, until Argo CD holds it",
        lambda: (
            "blocked by sync window"
            in world.application(APPLICATION)["operationState"].get("message", "")
        ),
    )
    told = status_of(world, "dev", code=1)
    assert {"syncing", "sync-window-closed"} <= codes(told)


def test_what_the_gate_let_in_waits_for_the_window_or_for_somebody(
    world: ClusterWorld, tokens: dict[str, str]
) -> None:
    before = world.artifact_in("dev")
    assert not codes(status_of(world, "dev"))
    turn(world, "dev")  # a rollback, which goes in at any time
    assert released_in(world, "dev") != before
    world.until(
        "rolled back while the window is closed, until Argo CD sees it",
        lambda: world.application(APPLICATION)["sync"]["status"] == "OutOfSync",
    )
    time.sleep(HELD_SECONDS)
    assert world.artifact_in("dev") == before
    told = status_of(world, "dev", code=1)
    (gap,) = (one for one in told["gaps"] if one["code"] == "sync-window-closed")
    assert gap["found"].startswith("closed until ")
    assert gap["passing"]
    command = f"`turnpike delivery sync {KEY} --environment dev --target local`"
    assert command in gap["solution"]
    assert "sync-windows-differ" not in codes(told)
    begin_by_itself(world)
    done = asked(world, tokens[OPERATOR], "sync", "--target", "local", "--json")
    assert done.code == 0, str(done)
    assert [one["isNew"] for one in done.json()] == [True]
    world.until(
        "asked for by hand, until the cluster has it",
        lambda: world.artifact_in("dev") == released_in(world, "dev"),
    )
    assert wait(world, "dev")["gaps"] == []


def test_other_windows_than_mains_are_told(world: ClusterWorld) -> None:
    found = world.fleet.control.find("argoproj.io/v1alpha1", "AppProject", "turnpike-dev", "argocd")
    assert found is not None
    with world.halted("argocd-application-controller"):
        world.fleet.control.patch(found, {"spec": {"syncWindows": None}})
        assert "sync-windows-differ" in codes(status_of(world, "dev", code=1))
    world.until("windows taken away by hand, until they are back", lambda: windows_of(world))
