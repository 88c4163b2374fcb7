"""The whole road on real servers, told in order: each test goes on where the one before it ended.

Gitea is the Git host, Argo CD the only thing that writes to two real clusters. One thing is played:
KServe's controller, by ``cluster/kserve.py``.
"""

from __future__ import annotations

import json
import time
from functools import partial
from typing import Any

import pytest
from kubernetes.client.exceptions import ApiException

from cluster.world import (
    EXAMPLE,
    MODEL,
    TEAM,
    ClusterWorld,
    argocd_files,
    bootstrap,
)
from end_to_end.people import PLATFORM_OWNER, RELEASE_MANAGER

KEY = f"{TEAM}/{MODEL}"
DEV = f"dev.local.{TEAM}.{MODEL}"


def status_of(world: ClusterWorld, environment: str, code: int = 0) -> Any:
    (told,) = world.told("delivery", "status", KEY, "--environment", environment, code=code)
    return told


def codes(told: Any) -> set[str]:
    return {gap["code"] for gap in told["gaps"]}


def delivered(world: ClusterWorld, environment: str, what: str) -> Any:
    """Wait, with Turnpike's own verb, until what main released runs; note how long it took."""
    started = time.monotonic()
    words = ("delivery", "wait", KEY, "--environment", environment, "--timeout", "60s")
    (told,) = world.told(*words)
    world.note(f"{what}, until `delivery wait` says in step", started)
    assert told["inStep"]
    assert (told["sync"], told["health"]) == ("Synced", "Healthy")
    return told


def is_synced(world: ClusterWorld, application: str) -> bool:
    return bool(world.application(application).get("sync", {}).get("status") == "Synced")


def test_argo_cd_takes_its_own_set_up_from_git(world: ClusterWorld) -> None:
    number = world.propose(argocd_files(world), "sam-rivera")
    world.approve(number, PLATFORM_OWNER)
    world.merge(number)
    bootstrap(world)
    world.until(
        "bootstrap applied, until Argo CD keeps its projects and ApplicationSet from Git",
        partial(is_synced, world, "turnpike-platform"),
    )
    for cluster in ("dev-local", "production-local"):
        name = f"admission.{cluster}"
        world.until(
            f"the same, until {cluster} has its admission",
            partial(is_synced, world, name),
        )
    projects = world.fleet.control.all_of("argoproj.io/v1alpha1", "AppProject", "argocd")
    assert {one["metadata"]["name"] for one in projects} >= {
        "turnpike-dev", "turnpike-staging", "turnpike-production",
    }  # fmt: skip
    assert EXAMPLE not in json.dumps(projects)


def test_a_model_is_refused_then_approved_merged_and_released(world: ClusterWorld) -> None:
    number = world.propose_model("diabetes")
    assert "approvals-missing" in world.findings(number)
    world.approve(number, "lena-fischer")
    world.merge(number)
    world.released("release", KEY, "--to", "dev")
    world.until("release merged, until its object is in dev", lambda: world.artifact_in("dev"))
    world.until(
        "the same, until a pod waits for its volume",
        lambda: "pod-unschedulable" in codes(status_of(world, "dev", code=1)),
    )
    told = status_of(world, "dev", code=1)
    (gap,) = (one for one in told["gaps"] if one["code"] == "pod-unschedulable")
    assert "turnpike-artifacts" in gap["found"]
    assert "volume with the artifact store" in gap["solution"]


def test_dev_is_synced_and_healthy_at_the_merged_commit(world: ClusterWorld) -> None:
    for environment in ("dev", "staging", "production"):
        world.give_volume(environment)
    told = delivered(world, "dev", "volume made")
    assert told["revision"] == world.host.main()
    assert told["released"] == world.artifact_in("dev")


def test_the_same_bytes_move_on_to_staging_and_production(world: ClusterWorld) -> None:
    world.released("promote", KEY, "--to", "staging")
    staging = delivered(world, "staging", "staging merged")
    world.released("promote", KEY, "--to", "production", approved_by=RELEASE_MANAGER)
    production = delivered(world, "production", "production merged")
    assert staging["released"] == production["released"] == world.artifact_in("production")


def test_a_rollback_in_git_rolls_the_cluster_back(world: ClusterWorld) -> None:
    first = world.artifact_in("dev")
    number = world.propose_model("better diabetes")
    world.approve(number, "lena-fischer")
    world.merge(number)
    world.released("release", KEY, "--to", "dev")
    second = delivered(world, "dev", "second version merged")["released"]
    assert second == world.artifact_in("dev") != first
    world.released("rollback", KEY, "--in", "dev")
    assert delivered(world, "dev", "rollback merged")["released"] == first
    assert world.artifact_in("dev") == first


def test_an_edit_by_hand_is_shown_and_healed(world: ClusterWorld) -> None:
    found = world.service("dev")
    assert found is not None
    world.patch_service("dev", {"spec": {"predictor": {"maxReplicas": 9}}})

    def is_healed() -> bool:
        now = world.service("dev")
        return now is not None and now["spec"] == found["spec"]

    world.until("edit by hand, until Argo CD has put it back", is_healed)
    delivered(world, "dev", "healed")


def test_what_differs_is_shown_field_by_field(world: ClusterWorld) -> None:
    assert all(not one["objects"] for one in differences(world, "dev", code=0))
    with world.argo_cd_looking_away():
        world.patch_service("dev", {"spec": {"predictor": {"maxReplicas": 9}}})
        (told,) = differences(world, "dev", code=1)
    (differing,) = told["objects"]
    assert differing["object"] == f"InferenceService/{MODEL}"
    fields = [(one["path"], one["wanted"], one["found"]) for one in differing["fields"]]
    assert fields == [("spec.predictor.maxReplicas", 1, 9)]
    delivered(world, "dev", "Argo CD looks again")


def differences(world: ClusterWorld, environment: str, code: int) -> Any:
    return world.told("delivery", "diff", KEY, "--environment", environment, code=code)


def test_an_application_outside_its_project_is_refused(world: ClusterWorld) -> None:
    smuggled = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "smuggled", "namespace": "argocd"},
        "spec": {
            "project": "turnpike-dev",
            "source": {
                "repoURL": world.host.url,
                "targetRevision": "refs/heads/main",
                "path": f"environments/dev/local/{TEAM}/{MODEL}",
            },
            "destination": {"name": "production-local", "namespace": f"production-{TEAM}"},
            "syncPolicy": {"automated": {}},
        },
    }
    world.fleet.control.apply(smuggled, "argocd")

    def refusals() -> list[str]:
        conditions = world.application("smuggled").get("conditions", [])
        return [one["message"] for one in conditions if one["type"] == "InvalidSpecError"]

    world.until("Application outside its project, until Argo CD refuses it", refusals)
    assert "not permitted" in refusals()[0] or "do not match" in refusals()[0]
    world.fleet.control.delete(smuggled)
    delivered(world, "production", "the refused Application deleted")


def another(world: ClusterWorld, name: str, artifact: str) -> dict[str, Any]:
    """Return the service in dev once more, under another name and with another artifact."""
    found = world.service("dev")
    assert found is not None
    released = world.artifact_in("dev")
    text = json.dumps(found["spec"]).replace(hex_of(released), hex_of(artifact))
    annotations = {"turnpike.dev/artifact": artifact}
    return {
        "apiVersion": found["apiVersion"],
        "kind": found["kind"],
        "metadata": {"name": name, "namespace": f"dev-{TEAM}", "annotations": annotations},
        "spec": json.loads(text),
    }


def hex_of(artifact: str) -> str:
    return artifact.removeprefix("sha256:")


def test_what_no_release_names_is_refused_to_an_administrator_too(world: ClusterWorld) -> None:
    objects, released = world.fleet.objects("dev-local"), world.artifact_in("dev")
    strange = "sha256:" + "0" * 64
    bad = (
        another(world, "shadow", strange),
        another(world, MODEL, strange),
        another(world, "shadow", ""),
        {  # it serves other bytes than it says
            **another(world, "shadow", strange),
            "metadata": another(world, "shadow", released)["metadata"],
        },
    )
    for service in bad:
        with pytest.raises(ApiException, match="turnpike-released-artifacts"):
            objects.apply(service)
    assert world.artifact_in("dev") == released


@pytest.mark.parametrize("kind", ["Deployment", "Pod"])
def test_a_workload_made_by_hand_is_refused(world: ClusterWorld, kind: str) -> None:
    pod = {"containers": [{"name": "c", "image": "registry.invalid/miner:1"}]}
    labels = {"app": "by-hand"}
    template = {"metadata": {"labels": labels}, "spec": pod}
    one = {
        "Deployment": {
            "apiVersion": "apps/v1",
            "spec": {"selector": {"matchLabels": labels}, "template": template},
        },
        "Pod": {"apiVersion": "v1", "spec": pod},
    }[kind]
    metadata = {"name": "by-hand", "namespace": f"dev-{TEAM}"}
    with pytest.raises(ApiException, match="turnpike-workloads"):
        world.fleet.objects("dev-local").apply({**one, "kind": kind, "metadata": metadata})


def test_what_is_released_but_not_here_is_named(world: ClusterWorld) -> None:
    stranger = another(world, "shadow", world.artifact_in("dev"))
    objects = world.fleet.objects("dev-local")
    objects.apply(stranger)
    try:
        told = status_of(world, "dev", code=1)
        (gap,) = (one for one in told["gaps"] if one["subject"] == "InferenceService/shadow")
        assert gap["code"] == "foreign"
    finally:
        objects.delete(stranger)
    delivered(world, "dev", "what was foreign deleted")


def test_a_cluster_that_does_not_answer_is_no_yes(world: ClusterWorld) -> None:
    world.processes.pause("production-kube-apiserver")
    try:
        told = status_of(world, "production", code=3)
    finally:
        world.processes.resume("production-kube-apiserver")
    assert not told["inStep"]
    assert "production-local" in told["unread"]
