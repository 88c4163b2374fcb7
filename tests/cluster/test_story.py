"""The whole road on real servers, told in order: each test goes on where the one before it ended.

Gitea is the Git host, Argo CD the only thing that writes to two real clusters, Prometheus what the
observer asks. Two things are played: KServe's controller, by ``cluster/kserve.py``, and what runs
on nodes and who asks it for predictions, by ``cluster/pods.py``.
"""

from __future__ import annotations

import json
import threading
import time
from functools import partial
from typing import Any

import pytest
from kubernetes.client.exceptions import ApiException

from cluster.observed import SOAK, healthy, observing, soaked
from cluster.world import (
    EXAMPLE,
    MODEL,
    TEAM,
    ClusterWorld,
    argocd_files,
    bootstrap,
)
from end_to_end.people import AUTHORS, BOT, PLATFORM_OWNER, RELEASE_MANAGER
from servers.releasing import REPOSITORY
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import CannotDecide, TurnpikeError
from turnpike.forge.refs import MAIN, RECORD

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
    words = ("delivery", "wait", KEY, "--environment", environment, "--timeout", "600s")
    (told,) = world.told(*words)
    world.note(f"{what}, until `delivery wait` says in step", started)
    assert told["inStep"]
    assert (told["sync"], told["health"]) == ("Synced", "Healthy")
    return told


def blockers(plan: Any) -> set[str]:
    return {one["code"] for model in plan["models"] for one in model["blockers"]}


def newest(world: ClusterWorld) -> int:
    """Return the number of the pull request that was opened last."""
    return max(one.number for one in world.host.forge(BOT).pull_requests())


def word_of(world: ClusterWorld, number: int) -> str | None:
    """Return the state of the bot's status on a pull request."""
    return world.host.word_on(ObjectId(world.pull(number)["head"]["sha"]))


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
    policies = [one["spec"]["sourceIntegrity"]["git"]["policies"] for one in projects
                if one["metadata"]["name"].startswith("turnpike-")]  # fmt: skip
    (key,) = world.told("delivery", "signers")["keys"]
    assert [[one["gpg"] for one in some] for some in policies] == [
        [{"mode": "head", "keys": [key]}]
    ] * 4


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_a_platform_owner_asks_for_a_soak(world: ClusterWorld, environment: str) -> None:
    path = f"environments/{environment}/environment.yaml"
    plain = world.host.clone.read(world.host.main(), path)
    assert plain is not None
    assert plain.count(b"soakSeconds: 0") == 1
    soaking = plain.replace(b"soakSeconds: 0", f"soakSeconds: {SOAK.seconds}".encode())
    number = world.propose({path: soaking}, "sam-rivera")
    for person in (PLATFORM_OWNER, RELEASE_MANAGER):
        world.approve(number, person)
    world.merge(number)


def test_a_model_is_refused_with_one_status_and_one_comment(world: ClusterWorld) -> None:
    number = world.propose_model("diabetes")
    assert "approvals-missing" in world.findings(number)
    for _ in range(2):
        assert world.told("pr", "merge", str(number), code=1)["commit"] is None
    assert word_of(world, number) == "failure"
    (comment,) = world.comments(number)
    assert comment["user"]["login"] == BOT
    assert "approvals-missing" in comment["body"]


def test_a_late_push_voids_the_approval_that_lena_gave_in_gitea(world: ClusterWorld) -> None:
    number = newest(world)
    world.approve(number, "lena-fischer")
    world.edit_card(number, "jonas-weber")
    assert "approvals-missing" in world.findings(number)


def test_nobody_but_the_bot_moves_main_or_the_record(world: ClusterWorld) -> None:
    number, before, people = newest(world), world.host.main(), ("jonas-weber", "lena-fischer")
    head = ObjectId(world.pull(number)["head"]["sha"])
    record = world.record()
    world.host.forge("jonas-weber").status(head, "success", "forged")
    button = f"{REPOSITORY}/pulls/{number}/merge"
    for person in people:
        with pytest.raises(CannotDecide):
            world.host.api(person).send("POST", button, {"Do": "merge"})
        for branch in (MAIN, RECORD):
            with pytest.raises(TurnpikeError):
                world.push_as(person, world.host.tokens[person], head, branch)
    with pytest.raises(CannotDecide):
        world.host.administrator.send("POST", button, {"Do": "merge", "force_merge": True})
    for branch in (MAIN, RECORD):
        with pytest.raises(TurnpikeError):
            world.force(head, branch)
    assert (world.host.main(), world.record()) == (before, record)
    assert not world.pull(number)["merged"]
    assert "approvals-missing" in world.findings(number)


def test_the_bot_merges_what_is_approved_and_releases_it_to_dev(world: ClusterWorld) -> None:
    number = newest(world)
    world.approve(number, "lena-fischer")
    world.merge(number)
    assert word_of(world, number) == "success"
    (comment,) = world.comments(number)
    assert comment["user"]["login"] == BOT
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


WAITS = ("promote", KEY, "--to", "staging", "--target", "local", "--as", BOT)


def test_a_model_that_nobody_asks_or_nobody_can_look_at_soaks_nothing(world: ClusterWorld) -> None:
    assert blockers(world.told(*WAITS, code=1)) == {"soak-incomplete"}
    artifact = Digest(world.artifact_in("dev"))
    world.pods.consumers.ask = False
    unasked = observing(world, "dev", code=3, seconds=6)
    world.pods.consumers.ask = True
    assert "nobody asked it" in unasked[-1]["unread"]
    before = healthy(world, "dev", artifact)
    with world.halted("prometheus"):
        blind = observing(world, "dev", code=3, seconds=6)
    assert all(f"Prometheus {world.prometheus}" in one["unread"] for one in blind)
    assert healthy(world, "dev", artifact) == before
    nowhere = world.verb("observe", "--environment", "dev", "--prometheus", "nowhere")
    assert (nowhere.code, "expected https://HOST" in nowhere.errors) == (2, True)


def test_requests_that_fail_are_no_healthy_time(world: ClusterWorld) -> None:
    world.pods.consumers.fail = True
    failing = observing(world, "dev", code=1)
    world.pods.consumers.fail = False
    assert not failing[-1]["healthy"]
    assert failing[-1]["errorRate"] > 0
    assert "requests failed" in failing[-1]["fault"]


def test_staging_follows_after_its_soak(world: ClusterWorld) -> None:
    number = world.told(*WAITS, "--anyway")["number"]
    assert world.findings(number) == {"soak-incomplete"}
    soaked(world, "dev")
    world.merge(number)
    staging = delivered(world, "staging", "staging merged")
    assert staging["released"] == world.artifact_in("staging") == world.artifact_in("dev")


def test_production_waits_for_its_group_and_for_the_observer(world: ClusterWorld) -> None:
    waits = ("promote", KEY, "--to", "production", "--target", "local", "--as", BOT)
    number = world.told(*waits, "--anyway")["number"]
    for _ in range(2):
        assert world.findings(number) == {"approvals-missing", "soak-incomplete"}
        world.approve(number, "lena-fischer")
    world.approve(number, RELEASE_MANAGER)
    assert world.findings(number) == {"soak-incomplete"}
    soaked(world, "staging")
    world.merge(number)
    delivered(world, "production", "production merged")
    told = [status_of(world, environment) for environment in ("dev", "staging", "production")]
    assert {one["released"] for one in told} == {world.artifact_in("production")}


def test_an_administrator_who_is_faster_than_the_release_is_refused(world: ClusterWorld) -> None:
    """The race: the next version's bytes, asked for while its release is on the way."""
    first = world.artifact_in("dev")
    number = world.propose_model("better diabetes")
    world.approve(number, "lena-fischer")
    world.merge(number)
    release = world.opened("release", KEY, "--to", "dev")
    second = world.company.drafts["better diabetes"].model.artifact
    assert second is not None
    with Racer(world, second.digest) as racer:
        racer.until_refused()
        merged = time.monotonic()
        world.merge(release)
        told = delivered(world, "dev", "second version merged")
        racer.until_admitted()
    assert told["released"] == world.artifact_in("dev") == second.digest != first
    assert racer.admitted_at > merged
    with Racer(world, first) as late:
        late.until_refused()
    assert not late.admitted_at


def test_a_rollback_in_git_rolls_the_cluster_back(world: ClusterWorld) -> None:
    second = world.artifact_in("dev")
    with world.halted("argocd-application-controller"):
        world.released("rollback", KEY, "--in", "dev")
        stale = observing(world, "dev", code=1, seconds=4)
        assert all(f"names {second}, released is" in one["fault"] for one in stale)
        assert second not in {one["artifact"] for one in stale}
    first = delivered(world, "dev", "rollback merged")["released"]
    assert first == world.artifact_in("dev") == world.artifact_in("staging") != second


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
    with world.halted("argocd-application-controller"):
        world.patch_service("dev", {"spec": {"predictor": {"maxReplicas": 9}}})
        (told,) = differences(world, "dev", code=1)
    (differing,) = told["objects"]
    assert differing["object"] == f"InferenceService/{MODEL}"
    fields = [(one["path"], one["wanted"], one["found"]) for one in differing["fields"]]
    assert fields == [("spec.predictor.maxReplicas", 1, 9)]
    delivered(world, "dev", "Argo CD looks again")


def test_an_edit_of_an_application_is_refused_by_its_project(world: ClusterWorld) -> None:
    before = world.artifact_in("production")
    with world.halted("argocd-applicationset-controller"):  # which would put it back at once
        world.patch_application(DEV, {"spec": {"destination": {"name": "production-local"}}})
        world.until(
            "Application moved by hand, until its project refuses it",
            lambda: "do not match any of the allowed destinations" in refusals(world, DEV),
        )
        assert "argocd-invalid-spec-error" in codes(status_of(world, "dev", code=1))
    delivered(world, "dev", "ApplicationSet put the Application back")
    assert world.artifact_in("production") == before


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
    world.until(
        "Application outside its project, until Argo CD refuses it",
        lambda: "do not match any of the allowed destinations" in refusals(world, "smuggled"),
    )
    world.fleet.control.delete(smuggled)
    delivered(world, "production", "the refused Application deleted")


def refusals(world: ClusterWorld, application: str, kind: str = "InvalidSpecError") -> str:
    """Return what Argo CD says against an Application; empty for nothing."""
    conditions = world.application(application).get("conditions", [])
    return "; ".join(one["message"] for one in conditions if one["type"] == kind)


def test_a_commit_on_main_that_the_gate_did_not_sign_is_not_synced(world: ClusterWorld) -> None:
    """Gitea's administrator takes the lock off: nothing of it is written, nothing removed."""
    judged, before = world.host.main(), world.service("dev")
    staging = world.fleet.control.find(*APPLICATION, f"staging.local.{TEAM}.{MODEL}", "argocd")
    assert before is not None
    assert staging is not None
    forged = world.host.child_of(judged, unjudged(world, judged), AUTHORS["sam-rivera"])
    with world.unlocked():
        world.force(forged, MAIN)
        try:
            world.until(
                "unsigned commit on main, until Argo CD refuses it",
                lambda: forged in refusals(world, DEV, "ComparisonError"),
            )
            world.until(
                "the same, until its ApplicationSet refuses it",
                lambda: "unsigned" in world.conditions_of_set("turnpike-staging"),
            )
            assert "unsigned" in refusals(world, DEV, "ComparisonError")
            for _ in range(20):  # longer than Argo CD needs to look again
                assert kept(world.service("dev")) == kept(before)
                found = world.fleet.control.find(
                    *APPLICATION, staging["metadata"]["name"], "argocd"
                )
                assert found
                assert found["metadata"]["uid"] == staging["metadata"]["uid"]
                assert "deletionTimestamp" not in found["metadata"]
                time.sleep(0.5)
        finally:
            world.force(judged, MAIN)
    for environment in ("dev", "staging"):
        delivered(world, environment, f"main is as judged again, {environment}")


APPLICATION = ("argoproj.io/v1alpha1", "Application")


def unjudged(world: ClusterWorld, main: ObjectId) -> dict[str, bytes | None]:
    """Return a change that nobody judged: nine replicas in dev, and nothing more in staging."""
    path = f"environments/{{}}/local/{TEAM}/{MODEL}/{{}}.yaml"
    manifests = world.host.clone.read(main, path.format("dev", "manifests"))
    assert manifests is not None
    assert manifests.count(b"maxReplicas: 1\n") == 1
    more = manifests.replace(b"maxReplicas: 1\n", b"maxReplicas: 9\n")
    gone = {path.format("staging", name): None for name in ("manifests", "release")}
    return {path.format("dev", "manifests"): more, **gone}


def kept(service: Any) -> tuple[Any, ...]:
    """Return what of a service its controller, which tells its status at any time, never writes."""
    metadata = service["metadata"]
    return metadata["uid"], metadata["annotations"], service["spec"]


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


class Racer:
    """A cluster's administrator who asks for an artifact in dev as fast as they can.

    ``refused`` counts the refusals, ``admitted_at`` is when the first was let in; 0 for never.
    """

    def __init__(self, world: ClusterWorld, artifact: str) -> None:
        self._world = world
        self._service = another(world, "racer", artifact)
        self._objects = world.fleet.objects("dev-local")
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._race, daemon=True)
        self.refused, self.admitted_at = 0, 0.0

    def __enter__(self) -> Racer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(300)

    def until_refused(self) -> None:
        """Wait until it was refused, as it must be while it is not released."""
        self._world.until("the race, until somebody is refused", lambda: self.refused)

    def until_admitted(self) -> None:
        """Wait until it was let in, as it must be once it is released."""
        self._world.until("the race, until it is won", lambda: self.admitted_at)

    def _race(self) -> None:
        while not self._end.is_set() and not self.admitted_at:
            try:
                self._objects.apply(self._service)
                self.admitted_at = time.monotonic()
                self._objects.delete(self._service)
            except ApiException as error:
                if "turnpike-released-artifacts" not in str(error.body):
                    raise
                self.refused += 1


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
        unseen = observing(world, "production", code=3, seconds=2)
    finally:
        world.processes.resume("production-kube-apiserver")
    assert not told["inStep"]
    assert "production-local" in told["unread"]
    assert all("production-local" in one["unread"] for one in unseen)
