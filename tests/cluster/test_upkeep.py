"""What the real Argo CD keeps, puts back and leaves alone, and what it would undo by targets."""

from __future__ import annotations

import shlex
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from cluster.delivered import KEY, bring_everywhere, released_in, shell_of, wait
from cluster.test_story import codes, status_of
from cluster.world import MODEL, TEAM, ClusterWorld, argocd_files
from end_to_end.people import PLATFORM_OWNER, RELEASE_MANAGER

SETS = "argocd-applicationset-controller"
DEV, FOLDER, SERVICE = (
    f"dev.local.{TEAM}.{MODEL}",
    f"environments/dev/local/{KEY}",
    "InferenceService",
)
CONSUMER = "lena-fischer"
"""Whom the manifest names for the application that uses the model."""
# Kubernetes' client leaves the sockets of a server that was killed to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"
)


POLICY: dict[str, Any] = {
    "apiVersion": "admissionregistration.k8s.io/v1",
    "kind": "ValidatingAdmissionPolicy",
    "metadata": {"name": "turnpike-accounts"},
}


@pytest.fixture(scope="module", autouse=True)
def _delivered(world: ClusterWorld) -> None:
    bring_everywhere(world)


@contextmanager
def progressive(world: ClusterWorld) -> Iterator[None]:
    """Let the ApplicationSet controller carry out progressive syncs, which it else does not."""
    one = world.processes.running[SETS]
    with world.processes.without(SETS):
        command = [*one.command, "--enable-progressive-syncs"]
        world.processes.start("progressive", command, one.environ)
        try:
            yield
        finally:
            world.processes.stop_one("progressive")


def stepwise(world: ClusterWorld) -> dict[str, Any]:
    """Return dev's ApplicationSet once more, under another name and target by target."""
    made: dict[str, Any] = yaml.safe_load(
        argocd_files(world)["platform/argocd/applicationsets/dev.yaml"] or b""
    )
    step = {"key": "turnpike.dev/target", "operator": "In", "values": ["local"]}
    made["metadata"] = {"name": "stepwise", "namespace": "argocd"}
    made["spec"]["template"]["metadata"]["name"] = "stepwise.{{ index .path.segments 4 }}"
    made["spec"]["syncPolicy"] = {"preserveResourcesOnDeletion": True}
    made["spec"]["strategy"] = {
        "type": "RollingSync",
        "rollingSync": {"steps": [{"matchExpressions": [step]}]},
    }
    return made


def automated(world: ClusterWorld, name: str) -> dict[str, object]:
    """Return how an Application is synced by itself, as the ApplicationSet controller wrote it."""
    found = world.fleet.control.find("argoproj.io/v1alpha1", "Application", name, "argocd")
    return dict(found["spec"]["syncPolicy"]["automated"]) if found else {}


def test_a_progressive_sync_would_turn_healing_off(world: ClusterWorld) -> None:
    """Why there is none: docs/adr/0031-order-and-times-stand-at-the-gate.md."""
    name, one = f"stepwise.{MODEL}", stepwise(world)
    with world.halted("argocd-application-controller"), progressive(world):  # it is only made
        world.fleet.control.apply(one, "argocd")
        world.until("Application of a progressive sync", lambda: automated(world, name))
        assert automated(world, name) == {"prune": True, "selfHeal": True, "enabled": False}
        world.fleet.control.delete(one)
        world.until("the same, gone again", lambda: not automated(world, name))
    assert automated(world, f"dev.local.{TEAM}.{MODEL}") == {"prune": True, "selfHeal": True}


def test_what_git_names_is_put_back_and_what_it_does_not_is_told(world: ClusterWorld) -> None:
    """Argo CD leaves a condition alone that switches a policy off, so the policies are compared."""
    objects = world.fleet.objects("dev-local")

    def found() -> dict[str, Any]:
        one = objects.find(POLICY["apiVersion"], POLICY["kind"], "turnpike-accounts")
        assert one is not None
        return dict(one["spec"])

    assert found()["failurePolicy"] == "Fail"
    never = [{"name": "never", "expression": "false"}]
    objects.patch(POLICY, {"spec": {"failurePolicy": "Ignore", "matchConditions": never}})
    world.until(
        "admission edited by hand, until Argo CD has put back what Git names",
        lambda: found()["failurePolicy"] == "Fail",
    )
    world.until(
        "the same, until Argo CD says that it is Synced",
        lambda: world.application("admission.dev-local")["sync"]["status"] == "Synced",
    )
    assert found()["matchConditions"] == never
    look = ("delivery", "admission", "--environment", "dev", "--target", "local")
    (told,) = world.told(*look, code=1)
    subject = "ValidatingAdmissionPolicy/turnpike-accounts"
    assert [(gap["code"], gap["subject"]) for gap in told["gaps"]] == [
        ("admission-changed", subject)
    ]
    objects.patch(POLICY, {"spec": {"matchConditions": None}})
    (told,) = world.told(*look)
    assert told["inStep"]


CONFIRMED = "argocd.argoproj.io/deletion-approved"


def without_service(world: ClusterWorld) -> bytes:
    """Return dev's manifests as no gate would sign them: without the service."""
    content = world.host.clone.read(world.host.main(), f"{FOLDER}/manifests.yaml")
    found = [one for one in yaml.safe_load_all(content or b"") if one["kind"] != SERVICE]
    return yaml.safe_dump_all(found).encode()


def annotated(world: ClusterWorld) -> dict[str, str]:
    found = world.fleet.control.find("argoproj.io/v1alpha1", "Application", DEV, "argocd")
    assert found is not None
    return dict(found["metadata"].get("annotations", {}))


def operation(world: ClusterWorld) -> dict[str, Any]:
    return dict(world.application(DEV).get("operationState", {}))


def waits_for_confirmation(world: ClusterWorld) -> bool:
    said = operation(world)
    waits = "waiting for pruning confirmation" in said.get("message", "")
    return waits and said["phase"] == "Running"


def reads_from(world: ClusterWorld, folder: str) -> None:
    world.patch_application(DEV, {"spec": {"source": {"path": folder}}})


def test_a_prune_that_waits_would_hold_up_mains_own_word(world: ClusterWorld) -> None:
    """Why there is none: docs/adr/0032-production-keeps-what-a-removed-folder-leaves.md."""
    number = world.propose({"docs/short/manifests.yaml": without_service(world)}, "sam-rivera")
    world.approve(number, PLATFORM_OWNER)
    world.merge(number)
    option = "argocd.argoproj.io/sync-options"
    world.patch_service("dev", {"metadata": {"annotations": {option: "Prune=confirm"}}})
    before = world.artifact_in("dev")
    with world.halted(SETS):  # which would put the folder back
        reads_from(world, "docs/short")
        world.until("pruned, until Argo CD asks", lambda: waits_for_confirmation(world))
        assert "waiting for pruning confirmation" in str(status_of(world, "dev", code=1))
        reads_from(world, FOLDER)
        world.until(
            "main's folder again, until Argo CD has compared it",
            lambda: world.application(DEV)["sync"]["comparedTo"]["source"]["path"] == FOLDER,
        )
        time.sleep(20)
        assert waits_for_confirmation(world)
        world.patch_application(DEV, {"status": {"operationState": {"phase": "Terminating"}}})
        world.until("ended by hand", lambda: operation(world)["phase"] != "Running")
    assert world.artifact_in("dev") == before
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    world.patch_application(DEV, {"metadata": {"annotations": {CONFIRMED: stamp}}})
    world.until(
        "a confirmation, until the ApplicationSet controller takes it away",
        lambda: CONFIRMED not in annotated(world),
    )
    world.patch_service("dev", {"metadata": {"annotations": {option: None}}})
    by_hand = {"initiatedBy": {"username": "somebody"}, "sync": {}}
    world.patch_application(DEV, {"operation": by_hand})  # else the last sync is one that failed
    number = world.propose({"docs/short/manifests.yaml": None}, "sam-rivera")
    world.approve(number, PLATFORM_OWNER)
    world.merge(number)
    wait(world, "dev")


def test_what_is_retired_from_production_serves_until_somebody_deletes_it(
    world: ClusterWorld,
) -> None:
    name, before = f"production.local.{TEAM}.{MODEL}", world.artifact_in("production")
    number = world.opened("retire", KEY, "--from", "production")
    world.approve(number, RELEASE_MANAGER)
    world.approve(number, CONSUMER)
    world.merge(number)
    assert not released_in(world, "production")
    world.until("retired, until its Application is gone", lambda: not world.application(name))
    assert world.artifact_in("production") == before
    told = status_of(world, "production", code=1)
    assert "left" in codes(told)
    (solution,) = {gap["solution"] for gap in told["gaps"] if gap["code"] == "left"}
    shell, command = shell_of(world, "production"), solution[solution.index("kubectl") :]
    subprocess.run(
        shlex.split(command), cwd=shell.folder, env=dict(shell.environ), check=True, timeout=900
    )
    world.until("deleted by hand, until all is gone", lambda: not world.service("production"))
    words = ("delivery", "wait", KEY, "--environment", "production", "--timeout", "60s")
    (told,) = world.told(*words)
    assert told["inStep"]
