"""The demonstration in clusters that somebody has: told to the end, and all is as before.

Two clusters and what is theirs in them serve all these tests, each of which finds them as before.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cluster.demonstration import demonstrated
from cluster.somebodys import NAMESPACE, Theirs, kubeconfig, somebodys
from end_to_end.installed import PRODUCT
from servers.gitea_world import set_up
from turnpike.cli.story.borrowed import Borrowed
from turnpike.errors import InputError, Unavailable
from turnpike.loopback.given import GivenCluster
from turnpike.loopback.objects import Objects

DEFINED = {
    "near": ("applications.argoproj.io", "inferenceservices.serving.kserve.io"),
    "far": ("servicemonitors.monitoring.coreos.com",),
}
SERVICE = ("serving.kserve.io/v1beta1", "InferenceService", "diabetes-progression")
DEFINED_BY = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
SERVED = {
    "apiVersion": SERVICE[0],
    "kind": SERVICE[1],
    "metadata": {"name": "served", "namespace": NAMESPACE},
    "spec": {"predictor": {}},
}
BOTH = ("--context", "production=far", "--context", "shared=near")


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Theirs]]:
    """Two clusters: ``far`` is one of kind's by its context's name."""
    with somebodys(tmp_path_factory.mktemp("theirs"), DEFINED) as made:
        yield made


@pytest.fixture(scope="module")
def contexts(theirs: Mapping[str, Theirs], tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = {"near": theirs["near"].cluster, "kind-far": theirs["far"].cluster}
    return kubeconfig(tmp_path_factory.mktemp("k") / "config", named)


def looked(contexts: Path, folder: Path, *words: str) -> dict[str, GivenCluster]:
    borrowed = Borrowed.of(words, {"KUBECONFIG": str(contexts)}, Path.cwd())
    return borrowed.look(folder, PRODUCT)


def test_a_cluster_in_which_nothing_is_in_the_way_is_looked_at_and_left_alone(
    theirs: Mapping[str, Theirs], contexts: Path, tmp_path: Path
) -> None:
    found = looked(contexts, tmp_path, "far", "shared=near")
    assert {role: one.context.name for role, one in found.items()} == {
        "production": "kind-far", "shared": "near",
    }  # fmt: skip
    assert {ref.name for ref in found["production"].missing} == {
        "inferenceservices.serving.kserve.io", "prometheusrules.monitoring.coreos.com",
    }  # fmt: skip
    for one in theirs.values():
        assert one.differences() == []


def test_one_cluster_is_not_given_twice(contexts: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected two clusters, got kind-far and kind-far"):
        looked(contexts, tmp_path, "far", "shared=kind-far")


@pytest.mark.parametrize(
    ("kind", "name"),
    [("Namespace", "kserve"), ("Namespace", "production-endocrinology"), ("Node", "turnpike-demo")],
)
def test_what_is_in_the_way_is_named(
    theirs: Mapping[str, Theirs], contexts: Path, tmp_path: Path, kind: str, name: str
) -> None:
    far = theirs["far"]
    one = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}}
    far.objects.apply(one)
    try:
        with pytest.raises(InputError, match=f"found {kind.lower()}/{name}$") as refused:
            looked(contexts, tmp_path, "far")
    finally:
        far.objects.delete(one)
    assert f"kubectl --context kind-far delete --ignore-not-found {kind.lower()}/{name}" in (
        refused.value.solution
    )
    far.assert_as_before()


def test_what_somebody_serves_and_a_label_of_turnpikes_are_in_the_way(
    theirs: Mapping[str, Theirs], contexts: Path, tmp_path: Path
) -> None:
    near = theirs["near"]
    labelled = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": "models", "labels": {"turnpike.dev/environment": "dev"}},
    }
    near.objects.apply_all((SERVED, labelled))
    try:
        with pytest.raises(InputError, match="expected a cluster that has") as refused:
            looked(contexts, tmp_path, "shared=near")
    finally:
        for one in (SERVED, labelled):
            near.objects.delete(one)
    assert f"namespace/models, inferenceservice/served in {NAMESPACE}" in refused.value.message
    assert "kubectl" not in refused.value.solution  # they are nobody's of ours
    near.assert_as_before()


def test_a_user_who_may_do_less_is_refused(theirs: Mapping[str, Theirs], tmp_path: Path) -> None:
    far = theirs["far"]
    token = far.objects.token_of("default", NAMESPACE)
    for said, found in ((token, "one who may do less"), ("nobody's", "HTTP 401")):
        file = kubeconfig(tmp_path / "config", {"far": far.cluster}, said)
        with pytest.raises(InputError, match=f"cluster-admin.*found {found}") as refused:
            looked(file, tmp_path / "look", "far")
        assert said not in refused.value.message
    far.assert_as_before()


def test_ctrl_c_in_the_middle_gives_the_cluster_back(
    theirs: Mapping[str, Theirs], contexts: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    far, environ = theirs["far"], {"KUBECONFIG": str(contexts)}
    before = contexts.read_bytes()

    def admission() -> object:
        policy = ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy")
        return far.objects.find(*policy, "turnpike-workloads")

    words = ("--context", "far")
    with demonstrated(tmp_path_factory.mktemp("d"), *words, environ=environ) as made:
        made.until("Argo CD has brought the admission", admission, every=0.5)
        assert made.end(signal.SIGINT, times=2) == 3, made.told()
        far.assert_as_before()
        made.assert_gone()
    assert contexts.read_bytes() == before


def test_the_story_is_told_in_two_given_clusters_which_are_as_before(
    theirs: Mapping[str, Theirs], contexts: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    far, near, environ = theirs["far"], theirs["near"], {"KUBECONFIG": str(contexts)}

    def is_in_production() -> object:
        for one in (far, near):
            assert one.strangers_on_nodes() == []
        return far.objects.serves(*SERVICE[:2]) and far.objects.find(
            *SERVICE, "production-endocrinology"
        )

    with demonstrated(tmp_path_factory.mktemp("d"), *BOTH, environ=environ) as made:
        made.until("the model is in production's cluster", is_in_production, every=1)
        assert near.objects.find(*SERVICE, "dev-endocrinology")
        assert made.process.wait(900) == 0, made.told()
        for one in (far, near):
            one.assert_as_before()
        made.assert_gone()
    for secret in (far.cluster.token, near.cluster.token):
        assert secret not in made.told()


def test_a_definition_that_others_use_by_then_stays(
    theirs: Mapping[str, Theirs], contexts: Path, tmp_path: Path
) -> None:
    far = theirs["far"]
    (given,) = looked(contexts, tmp_path / "look", "far").values()
    objects = Objects(given.enter(tmp_path / "production"))
    missing = {ref.name for ref in given.missing}
    objects.apply_all(
        one for one in given.footprint.definitions if one["metadata"]["name"] in missing
    )
    rule: dict[str, Any] = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "theirs", "namespace": NAMESPACE},
        "spec": {},
    }
    objects.apply(rule)
    name = "prometheusrules.monitoring.coreos.com"
    assert given.leave() == (f"customresourcedefinition/{name}",)
    assert far.objects.find(rule["apiVersion"], rule["kind"], "theirs", NAMESPACE)
    far.objects.delete({**DEFINED_BY, "metadata": {"name": name}})
    far.assert_as_before()


def test_a_cluster_that_is_gone_meanwhile_is_told_what_it_may_still_have(
    theirs: Mapping[str, Theirs], contexts: Path, tmp_path: Path
) -> None:
    """The commands that are told then are carried out, and all is as before."""
    near = theirs["near"]
    (given,) = looked(contexts, tmp_path / "look", "shared=near").values()
    cluster = given.enter(tmp_path / "shared")
    assert Objects(cluster).find("v1", "Namespace", NAMESPACE)
    with near.processes.without("near-kube-apiserver"), pytest.raises(Unavailable) as raised:
        given.leave()
    assert "namespace/turnpike-demo" in raised.value.message
    near.processes.wait_until("near-kube-apiserver", near.is_ready)
    told = [line.strip() for line in raised.value.solution.splitlines() if "kubectl" in line]
    path = f"{set_up('kubectl')}{os.pathsep}{os.environ['PATH']}"
    for line in told:
        subprocess.run(
            ["sh", "-c", line], check=True, capture_output=True, timeout=300,
            env={"PATH": path, "KUBECONFIG": str(contexts), "HOME": str(tmp_path)},
        )  # fmt: skip
    near.assert_as_before()
