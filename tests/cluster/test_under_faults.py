"""Faults of what Turnpike stands on, injected for real; each is met with its runbook's commands.

Each test leaves everything in step, so that any of them can run alone. The faults of the Git host
alone are in ``servers/test_under_faults_gitea.py``.
"""

from __future__ import annotations

import json
import shutil
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cluster.delivered import (
    KEY,
    bring_everywhere,
    open_turn,
    plane_of,
    released_in,
    shell_of,
    turn,
    wait,
)
from cluster.observed import healthy
from cluster.world import MODEL, TEAM, ClusterWorld
from end_to_end.people import AUTHORS
from runbooks import carried_out
from servers.releasing import REPOSITORY
from turnpike.documents.identifiers import Digest
from turnpike.forge.refs import MAIN
from turnpike.loopback.control_plane import is_ready

# Kubernetes' client leaves the sockets of a server that was killed to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"
)
PARTS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")


@pytest.fixture(scope="module", autouse=True)
def _delivered(world: ClusterWorld) -> None:
    bring_everywhere(world)


def application(environment: str) -> str:
    return f"{environment}.local.{TEAM}.{MODEL}"


@contextmanager
def no_cluster(world: ClusterWorld, plane: str, *parts: str) -> Iterator[None]:
    """Kill parts of a cluster for the length of the block; it is ready again after it."""
    with world.processes.without(*(f"{plane}-{part}" for part in parts)):
        yield
    ready = world.fleet.planes[plane]
    world.processes.wait_until(f"{plane}-kube-apiserver", lambda: is_ready(ready))


def test_a_killed_repo_server_holds_deliveries_up_and_nothing_else(world: ClusterWorld) -> None:
    before = world.artifact_in("dev")
    with carried_out("ArgoCdRepoServerDown", shell_of(world, "dev")) as page:
        with world.processes.without("argocd-repo-server"):
            turn(world, "dev")
            world.until(
                "repo-server killed, until Argo CD says so",
                lambda: "ComparisonError" in json.dumps(world.application(application("dev"))),
            )
            assert "argocd-comparison-error" in page.run("Look", 1, 0)
            assert world.artifact_in("dev") == before
        page.run("Help")
        assert "in step" in page.run("Over when")
    assert world.artifact_in("dev") == released_in(world, "dev") != before


def test_without_metrics_no_time_is_healthy_until_they_are_back(world: ClusterWorld) -> None:
    artifact = Digest(world.artifact_in("dev"))
    with carried_out("MetricsUnavailable", shell_of(world, "dev")) as page:
        before = healthy(world, "dev", artifact)
        with world.processes.without("prometheus"):
            assert "NOT KNOWN" in page.run("Look", 7, 3)
        assert healthy(world, "dev", artifact) == before
        assert f"{MODEL}-metrics" in page.run("Help")
        assert "healthy for" in page.run("Over when")
    assert healthy(world, "dev", artifact) > before


def test_a_wait_outlasts_an_api_server_that_is_gone_in_the_middle(world: ClusterWorld) -> None:
    words = ("delivery", "wait", KEY, "--environment", "dev", "--timeout", "600s")
    with (
        carried_out("ClusterApiDown", shell_of(world, "dev")) as page,
        ThreadPoolExecutor(1) as pool,
    ):
        with world.halted("argocd-application-controller"):  # so that the wait has to wait
            turn(world, "dev")
            waiting = pool.submit(world.verb, *words)
            time.sleep(3)
            with no_cluster(world, plane_of("dev"), "kube-apiserver"):
                look = page.run("Look", 1, 3)
                assert "cluster.unavailable" in look or "expected its API server" in look
        page.run("Help")
        done = waiting.result()
        assert "in step" in page.run("Over when")
    assert done.code == 0, str(done)
    assert "expected its API server to answer" in done.errors
    assert world.artifact_in("dev") == released_in(world, "dev")


def test_a_target_that_was_unreachable_gets_what_main_says_by_then(world: ClusterWorld) -> None:
    with carried_out("TargetUnreachable", shell_of(world, "production")) as page:
        first = released_in(world, "production")
        with no_cluster(world, "production", "kube-apiserver"):
            turn(world, "production")
            turn(world, "dev")
            wait(world, "dev")  # the other targets go on
            assert "could not be read" in page.run("Look", 1, 3, 0)
        page.run("Help")
        assert "in step" in page.run("Over when")
    assert world.artifact_in("production") == released_in(world, "production") != first


def test_a_cluster_put_back_to_an_old_backup_is_brought_up_to_date(
    world: ClusterWorld, tmp_path: Path
) -> None:
    data, backup = world.fleet.planes["production"].folder / "etcd", tmp_path / "backup"
    with world.halted("production-etcd"):  # so that no file changes while it is copied
        shutil.copytree(data, backup)
    old = world.artifact_in("production")
    turn(world, "production")
    wait(world, "production")
    new = world.artifact_in("production")
    with carried_out("ClusterRestored", shell_of(world, "production")) as page:
        with world.halted("argocd-application-controller"):  # it is quick to see the difference
            with no_cluster(world, "production", *PARTS):
                shutil.rmtree(data)
                shutil.copytree(backup, data)
            assert world.artifact_in("production") == old != new
            assert "stale" in page.run("Look", 1, 0)
        page.run("Help")
        assert "as main has it" in page.run("Over when")
    assert world.artifact_in("production") == new == released_in(world, "production")


def test_a_main_that_was_forced_back_to_an_older_judged_commit_is_restored(
    world: ClusterWorld,
) -> None:
    older = world.host.main()
    turn(world, "dev")
    wait(world, "dev")
    judged, now = world.host.main(), released_in(world, "dev")
    number = open_turn(world, "dev")
    with carried_out("MainForcePushed", shell_of(world, "dev")) as page:
        with world.unlocked():
            world.force(older, MAIN)
        look = page.run("Look", 1, 0, 0)
        assert "host.rewritten" in look
        assert "GitHostUnavailable" not in look
        for words in (("gate", "--pr", str(number)), ("pr", "merge", str(number))):
            told = world.verb(*words)
            assert told.code == 3, str(told)
            assert "host.rewritten" in told.errors
        assert world.host.main() == older
        page.run("Help")
        page.run("Over when")
    assert world.host.main() == judged
    wait(world, "dev")
    assert world.artifact_in("dev") == now
    world.merge(number)


def test_a_lost_webhook_delays_and_a_forged_one_changes_nothing(world: ClusterWorld) -> None:
    hooks: Any = world.host.administrator.get(f"{REPOSITORY}/hooks")
    (path,) = [f"{REPOSITORY}/hooks/{hook['id']}" for hook in hooks]
    world.host.administrator.send("PATCH", path, {"active": False})
    try:
        turn(world, "dev")
        with carried_out("DeliveryWebhookLost", shell_of(world, "dev")) as page:
            assert '"active": false' in page.run("Look")
            page.run("Help")
            assert "in step" in page.run("Over when")
    finally:
        world.host.administrator.send("PATCH", path, {"active": True})
    main, before = world.host.main(), world.artifact_in("dev")
    forged = world.host.child_of(main, {"docs/forged.md": b"x"}, AUTHORS["sam-rivera"])
    for _ in range(2):
        assert called(world, before=main, after=forged) == 200
    told = wait(world, "dev")
    assert told["revision"] == main
    assert world.artifact_in("dev") == before


def called(world: ClusterWorld, before: str, after: str) -> int:
    """Tell Argo CD, as a stranger, of a push that never was; return what it answers."""
    push = {
        "ref": MAIN,
        "before": before,
        "after": after,
        "commits": [],
        "repository": {"html_url": world.host.url.removesuffix(".git"), "default_branch": "main"},
    }
    request = urllib.request.Request(  # noqa: S310 - loopback
        world.fleet.argocd.webhook,
        json.dumps(push).encode(),
        {"Content-Type": "application/json", "X-Gogs-Event": "push", "X-Gitea-Event": "push"},
    )
    with urllib.request.urlopen(request, timeout=120) as answer:  # noqa: S310
        return int(answer.status)
