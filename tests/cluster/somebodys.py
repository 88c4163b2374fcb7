"""Clusters that somebody has, with what is theirs in them, and a look at all of it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers.gitea_world import set_up
from turnpike.loopback.cluster import Cluster, write_private
from turnpike.loopback.control_plane import is_ready, start_control_plane
from turnpike.loopback.objects import Object, Objects, documents_in
from turnpike.loopback.processes import Processes

NAMESPACE = "theirs"
# Those tell of the moment.
_PASSING = {("v1", "Event"), ("events.k8s.io/v1", "Event"), ("v1", "ComponentStatus")}
_SETTLING_SECONDS = 120.0
_POD: Mapping[str, Any] = {"containers": [{"name": "c", "image": "registry.invalid/theirs:1"}]}
_LABELS = {"app": "on-each-node"}


@dataclass(frozen=True, slots=True)
class Theirs:
    """One cluster, and all that stood in it before anybody came."""

    cluster: Cluster
    objects: Objects
    before: Mapping[str, str]
    processes: Processes

    def is_ready(self) -> bool:
        """Tell whether its API server answers again."""
        return is_ready(self.cluster)

    def differences(self) -> list[str]:
        """Return the lines of all objects that came, went or changed."""
        now = listed(self.objects)
        names = sorted(
            name for name in {*self.before, *now} if self.before.get(name) != now.get(name)
        )
        return [f"{self.cluster.name}: {name}\n  {self.before.get(name)}\n  {now.get(name)}"
                for name in names]  # fmt: skip

    def assert_as_before(self) -> None:
        """What follows a definition goes a moment after it."""
        ends = time.monotonic() + _SETTLING_SECONDS
        while found := self.differences():
            assert time.monotonic() < ends, "\n".join(found)
            time.sleep(0.5)

    def strangers_on_nodes(self) -> list[str]:
        """Return which of their pods got a node: there is none for them."""
        pods = self.objects.all_of("v1", "Pod", NAMESPACE)
        return [one["metadata"]["name"] for one in pods if one["spec"].get("nodeName")]


def listed(objects: Objects) -> dict[str, str]:
    """Return each object of a cluster by its name, as text, but for the version that it is in."""
    from kubernetes.client.exceptions import ApiException

    ends = time.monotonic() + _SETTLING_SECONDS
    while True:
        try:
            return _listed(objects)
        except ApiException:  # a kind is told of a moment before and after it is served
            assert time.monotonic() < ends
            time.sleep(0.5)


def _listed(objects: Objects) -> dict[str, str]:
    return {
        f"{kind}/{one['metadata'].get('namespace', '')}/{one['metadata']['name']}": _text(kind, one)
        for api_version, kind in _kinds(objects)
        for one in objects.all_of(api_version, kind)
    }


def _kinds(objects: Objects) -> set[tuple[str, str]]:
    """Return what can be listed, each kind in one version."""
    from kubernetes.dynamic.resource import ResourceList

    objects._client.resources.invalidate_cache()
    found = [one for several in objects._client.resources for one in several]
    return {
        (one.group_version, one.kind)
        for one in found
        if not isinstance(one, ResourceList) and one.preferred and "list" in one.verbs
    } - _PASSING


def _text(kind: str, one: Object) -> str:
    """Return an object as text; why a pod waits changes with the nodes, and leases all the time."""
    if kind == "Lease":
        return "there"
    passing = {"resourceVersion"} | ({"managedFields"} if kind == "Pod" else set())
    metadata = {key: value for key, value in one["metadata"].items() if key not in passing}
    status = {"status": None} if kind == "Pod" else {}
    return json.dumps({**one, **status, "metadata": metadata}, sort_keys=True)


@contextmanager
def somebodys(folder: Path, defined: Mapping[str, Sequence[str]]) -> Iterator[dict[str, Theirs]]:
    """Start clusters in which some kinds are defined already; they have no node."""
    programs = set_up("cluster")
    with Processes(folder / "logs") as processes:
        made = {name: start_control_plane(name, programs, folder / name, processes)
                for name in defined}  # fmt: skip
        yield {
            name: _furnished(cluster, programs, defined[name], processes)
            for name, cluster in made.items()
        }


def kubeconfig(file: Path, clusters: Mapping[str, Cluster], token: str = "") -> Path:
    """Write a kubeconfig with a context for each name; a token of somebody else's for all."""
    users = {name: {"token": token or one.token} for name, one in clusters.items()}
    document = {
        "clusters": [{"name": name, "cluster": one.as_entry()} for name, one in clusters.items()],
        "users": [{"name": name, "user": user} for name, user in users.items()],
        "contexts": [{"name": n, "context": {"cluster": n, "user": n}} for n in clusters],
    }
    return write_private(file, json.dumps(document))


def _furnished(
    cluster: Cluster, programs: Path, defined: Sequence[str], processes: Processes
) -> Theirs:
    objects = Objects(cluster)
    files = (programs / "definitions.yaml", programs / "argocd.yaml")
    known = {one["metadata"]["name"]: one for file in files for one in documents_in(file)}
    objects.apply_all(_annotated(known[name]) for name in defined)
    objects.apply_all(_bystanders())
    return Theirs(cluster, objects, _settled(objects), processes)


def _annotated(definition: Object) -> Object:
    """Let a definition be theirs: whoever applied it as it comes would take that off."""
    metadata = definition["metadata"]
    annotations = {**metadata.get("annotations", {}), "example.org/owner": NAMESPACE}
    return {**definition, "metadata": {**metadata, "annotations": annotations}}


def _bystanders() -> tuple[Object, ...]:
    """Return a namespace with settings, a pod that waits for a node, and one for each node."""
    template = {
        "metadata": {"labels": _LABELS},
        "spec": {
            **_POD,
            "nodeSelector": {"kubernetes.io/os": "linux"},
            "tolerations": [{"operator": "Exists"}],
        },
    }
    here = {"namespace": NAMESPACE}
    return (
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", **here}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings", **here},
         "data": {"colour": "green"}},
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "waits", **here}, "spec": _POD},
        {"apiVersion": "apps/v1", "kind": "DaemonSet",
         "metadata": {"name": "on-each-node", **here},
         "spec": {"selector": {"matchLabels": _LABELS}, "template": template}},
    )  # fmt: skip


def _settled(objects: Objects) -> dict[str, str]:
    """Return what stands there once a cluster that has just started adds no more."""
    ends = time.monotonic() + _SETTLING_SECONDS
    before: dict[str, str] = {}
    while before != (now := listed(objects)) or len(now) < 100:
        assert time.monotonic() < ends, f"never settled: {len(now)} objects"
        before = now
        time.sleep(2)
    return before
