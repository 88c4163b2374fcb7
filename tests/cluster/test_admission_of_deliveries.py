"""Who may write network policies and routes in a namespace of models: Argo CD, and nobody else.

A real API server alone, asked by its administrator and by the account that Argo CD has in it.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any

import pytest
import yaml
from kubernetes.client.exceptions import ApiException

from cluster.test_admission import ADMISSION
from servers.gitea_world import set_up
from turnpike.loopback.control_plane import start_api_server
from turnpike.loopback.fleet import writer_objects
from turnpike.loopback.objects import Objects, documents_in
from turnpike.loopback.processes import Processes
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.render import render
from unit.rendering.conftest import (  # noqa: F401 - fixtures of the renderer's own tests
    deployed,
    environments,
    generative,
    predictive,
    release_of,
)

POLICY = "turnpike-deliveries"
NAMESPACE = "production-oncology"
ACCOUNT, BINDING = (one for one in writer_objects() if one["kind"] != "ClusterRole")


@dataclass(frozen=True, slots=True)
class Writers:
    """The same cluster in two pairs of hands."""

    administrator: Objects
    argocd: Objects


@pytest.fixture(scope="module")
def writers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writers]:
    """A cluster with that policy, with Argo CD's account, and with a namespace of models."""
    folder, programs = tmp_path_factory.mktemp("deliveries"), set_up("cluster")
    with Processes(folder / "logs") as processes:
        plane = start_api_server("deliveries", programs, folder / "plane", processes)
        administrator = Objects(plane)
        administrator.apply_all(writer_objects())
        administrator.apply_all(documents_in(ADMISSION / "deliveries.yaml"))
        labels = {"turnpike.dev/environment": "production"}
        metadata = {"name": NAMESPACE, "labels": labels}
        administrator.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
        name, namespace = ACCOUNT["metadata"]["name"], ACCOUNT["metadata"]["namespace"]
        token = administrator.token_of(name, namespace)
        found = Writers(administrator, Objects(plane, plane.kubeconfig_of(name, token)))
        _until("found admin", lambda number: administrator.apply(_opening(f"open-{number}")))
        _until("", lambda number: found.argocd.apply(_opening(f"ours-{number}")))
        yield found


def _until(words: str, attempt: Callable[[int], None]) -> None:
    """Try until a refusal has these words, or until there is none where there are no words.

    A policy, and who is meant by it, is known a little after it was written. Each attempt has a
    number, by which it can be another one: what was let in before is no change.
    """
    until = time.monotonic() + 60
    for number in count():
        said = _refusal_of(partial(attempt, number))
        if words in said if words else not said:
            return
        assert time.monotonic() < until, said or "let in for a minute"
        time.sleep(0.2)


def _refusal_of(attempt: Callable[[], object]) -> str:
    """Return in what words the policy refuses something; empty where it lets it in."""
    try:
        attempt()
    except ApiException as error:
        if POLICY not in str(error.body):
            raise
        return str(error.body)
    return ""


def _opening(name: str, namespace: str = NAMESPACE) -> dict[str, Any]:
    """Return a network policy by which everybody reaches every pod of a namespace."""
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"podSelector": {}, "ingress": [{}], "policyTypes": ["Ingress"]},
    }


def _config_map(name: str, labels: dict[str, str]) -> dict[str, Any]:
    metadata = {"name": name, "namespace": NAMESPACE, "labels": labels}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"traffic": "1"}}


@pytest.fixture(scope="module")
def rendered(
    deployed: Callable[..., Deployment],  # noqa: F811
    predictive: Callable[..., PredictiveModel],  # noqa: F811
    generative: GenerativeModel,  # noqa: F811
) -> dict[str, dict[str, Any]]:
    """What Turnpike renders of a deployment and of a route, by kind, as far as this is about it."""
    bytes_ = (render(deployed(predictive())), render(deployed(generative)))
    found = [one for text in bytes_ for one in yaml.safe_load_all(text)]
    return {one["kind"]: one for one in found if one["kind"] in {"NetworkPolicy", "ConfigMap"}}


BENT: dict[str, tuple[str, Callable[[dict[str, Any]], None]]] = {
    "everybody let in": ("NetworkPolicy", lambda one: one["spec"].update(ingress=[{}])),
    "no pods meant": (
        "NetworkPolicy",
        lambda one: one["spec"].update(podSelector={"matchLabels": {"app": "none"}}),
    ),
    "another route": ("ConfigMap", lambda one: one["data"].update({"route.json": "{}"})),
    "opened": ("ConfigMap", lambda one: one["data"].update(traffic="0")),
    "no route any more": (
        "ConfigMap",
        lambda one: one["metadata"]["labels"].update({"turnpike.dev/component": "none"}),
    ),
    "another digest said": (
        "ConfigMap",
        lambda one: one["metadata"]["annotations"].update({"turnpike.dev/artifact": "sha256:0"}),
    ),
}


@pytest.mark.parametrize("way", BENT)
def test_what_argo_cd_delivers_is_edited_by_nobody_else(
    writers: Writers, rendered: dict[str, dict[str, Any]], way: str
) -> None:
    kind, bend = BENT[way]
    changed = copy.deepcopy(rendered[kind])
    writers.argocd.apply(changed)
    bend(changed)
    assert changed != rendered[kind]
    said = _refusal_of(lambda: writers.administrator.apply(changed))
    assert "found admin; next: change it on main" in said
    writers.argocd.apply(changed)
    writers.argocd.apply(rendered[kind])


def test_nobody_adds_a_network_policy_which_would_open_more(writers: Writers) -> None:
    said = _refusal_of(lambda: writers.administrator.apply(_opening("by-hand")))
    assert "expected Argo CD to write networkpolicies by-hand, found admin; next: change" in said
    writers.argocd.apply(_opening("by-argo-cd"))
    writers.administrator.apply(_opening("by-hand", "default"))


def test_nobody_adds_a_route_and_other_config_maps_are_anybodys(writers: Writers) -> None:
    route = _config_map("mine-route", {"turnpike.dev/component": "gateway-route"})
    assert _refusal_of(lambda: writers.administrator.apply(route))
    plain = _config_map("mine", {"turnpike.dev/component": "other"})
    writers.administrator.apply(plain)
    writers.administrator.apply({**plain, "data": {"traffic": "100"}})
    turned = _config_map("mine", {"turnpike.dev/component": "gateway-route"})
    assert _refusal_of(lambda: writers.administrator.apply(turned))
    writers.argocd.apply(route)


def test_what_opens_nothing_is_not_judged(
    writers: Writers, rendered: dict[str, dict[str, Any]]
) -> None:
    """Kubernetes' own controllers take finalizers off; what was retired is deleted by hand."""
    for one in rendered.values():
        writers.argocd.apply(one)
        writers.administrator.patch(one, {"metadata": {"finalizers": ["example.org/kept"]}})
        writers.administrator.patch(one, {"metadata": {"finalizers": []}})
        writers.administrator.delete(one)


SUBJECTS: dict[str, dict[str, str]] = {
    "a user": {"kind": "User", "name": "admin", "apiGroup": "rbac.authorization.k8s.io"},
    "a group": {"kind": "Group", "name": "system:masters", "apiGroup": "rbac.authorization.k8s.io"},
}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_who_argo_cd_is_each_cluster_says_by_one_binding(writers: Writers, kind: str) -> None:
    """On clouds Argo CD is a user or a group, by the identity that the cloud gave it."""
    other = {**BINDING, "subjects": [SUBJECTS[kind]]}
    hand = writers.administrator
    hand.apply(other)
    _until("", lambda number: hand.apply(_opening(f"as-argo-cd-{number}")))
    hand.apply(BINDING)
    _until("found admin", lambda number: hand.apply(_opening(f"again-{number}")))


def test_where_nobody_says_who_argo_cd_is_nobody_writes_them(writers: Writers) -> None:
    """Not even Argo CD, which has its rights by another binding here."""
    other = {**BINDING, "metadata": {"name": "another"}}
    writers.administrator.apply(other)
    writers.administrator.delete(BINDING)
    _until("no params found", lambda number: writers.argocd.apply(_opening(f"nobody-{number}")))
    writers.administrator.apply(BINDING)
    _until("", lambda number: writers.argocd.apply(_opening(f"back-{number}")))
    writers.administrator.delete(other)
