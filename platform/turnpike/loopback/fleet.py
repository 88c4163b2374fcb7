"""Several clusters and one Argo CD that knows them by the names that environments give them.

Argo CD runs beside the first cluster. It writes with an account of its own in each, which may read
everything and write only the kinds that Turnpike renders.
"""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from turnpike.loopback.addresses import other_spelling
from turnpike.loopback.argocd import ACCOUNTS, NAMESPACE, ArgoCd, start_argocd
from turnpike.loopback.cluster import Cluster, write_private
from turnpike.loopback.control_plane import start_control_plane
from turnpike.loopback.node import start_node
from turnpike.loopback.objects import DEFINITION, Object, Objects, documents_in
from turnpike.loopback.processes import Processes

ARGOCD_CONTEXT = "argocd"
WRITER = "argocd-manager"
"""By this name of its binding admission knows who Argo CD is (``platform/argocd/admission``)."""

WRITER_NAMESPACE = "kube-system"
_ALL = ["create", "update", "patch", "delete"]

WRITER_RULES: Sequence[Mapping[str, object]] = (
    {"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]},
    {
        "apiGroups": [""],
        "resources": ["namespaces", "configmaps", "services", "serviceaccounts", "events"],
        "verbs": _ALL,
    },
    # Kubernetes lets nobody grant a right that is not theirs: with these it can grant no other.
    {"apiGroups": ["turnpike.dev"], "resources": ["artifacts"], "verbs": ["serve"]},
    {"apiGroups": ["turnpike.dev"], "resources": ["images"], "verbs": ["run"]},
    {
        "apiGroups": ["rbac.authorization.k8s.io"],
        "resources": ["roles", "rolebindings"],
        "verbs": _ALL,
    },
    {
        "apiGroups": ["admissionregistration.k8s.io"],
        "resources": ["validatingadmissionpolicies", "validatingadmissionpolicybindings"],
        "verbs": _ALL,
    },
    {"apiGroups": ["networking.k8s.io"], "resources": ["networkpolicies"], "verbs": _ALL},
    {"apiGroups": ["serving.kserve.io"], "resources": ["inferenceservices"], "verbs": _ALL},
    {
        "apiGroups": ["monitoring.coreos.com"],
        "resources": ["servicemonitors", "prometheusrules"],
        "verbs": _ALL,
    },
)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Running clusters by their own names, and Argo CD.

    ``hosted`` tells in which of them lives what environments call a cluster, ``kubeconfig`` has a
    context for each of those names, and ``argocd`` for where Argo CD keeps its objects.
    """

    planes: Mapping[str, Cluster]
    hosted: Mapping[str, str]
    argocd: ArgoCd
    kubeconfig: Path
    seconds: Mapping[str, float]

    def objects(self, cluster: str) -> Objects:
        """Return what stands in a cluster, by one of the names that environments give it."""
        return Objects(self.planes[self.hosted[cluster]])

    @property
    def control(self) -> Objects:
        """Return what stands where Argo CD keeps its objects."""
        return Objects(next(iter(self.planes.values())))


def start_fleet(
    programs: Path,
    signatures: Path,
    folder: Path,
    processes: Processes,
    clusters: Mapping[str, Sequence[str]],
    *,
    given: Mapping[str, Cluster] | None = None,
    resync_seconds: int = 10,
) -> Fleet:
    """Start clusters and Argo CD; return when all are ready.

    ``clusters`` are the names that environments use, at most two for each cluster; those that are
    ``given`` run already. ``programs`` is the folder that the set-up built, ``signatures`` is
    ``platform/argocd/signatures``. Argo CD looks by itself every ``resync_seconds``. Raises
    Unavailable where something does not start.
    """
    clock = _Clock()
    planes: dict[str, Cluster] = {}
    for name in clusters:
        planes[name] = (given or {}).get(name) or start_control_plane(
            name, programs, folder / name, processes
        )
        clock.lap(f"cluster {name}")
    for name, plane in planes.items():
        start_node(plane, programs, processes)
        _furnish(Objects(plane), programs)
        clock.lap(f"definitions in {name}")
    first = next(iter(planes.values()))
    _install_argocd(Objects(first), first, programs)
    known = {use: name for name, uses in clusters.items() for use in uses}
    Objects(first).apply_all(_known_clusters(planes, clusters), NAMESPACE)
    argocd = start_argocd(programs, signatures, first, processes, resync_seconds=resync_seconds)
    clock.lap("Argo CD")
    kubeconfig = _joint_kubeconfig(folder / "kubeconfig", planes, known, first)
    return Fleet(planes, known, argocd, kubeconfig, clock.laps)


def repository_secret(url: str, account: str, password: str) -> Object:
    """Return what lets Argo CD read a Git host's repository, as an account that may only read."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": "turnpike-repository",
            "namespace": NAMESPACE,
            "labels": {"argocd.argoproj.io/secret-type": "repository"},
        },
        "stringData": {"type": "git", "url": url, "username": account, "password": password},
    }


class _Clock:
    """Seconds since the last lap, by what was done in it."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.laps[name], self._last = round(now - self._last, 2), now


def _furnish(objects: Objects, programs: Path) -> None:
    """Give a cluster the definitions of what is rendered, and Argo CD's account."""
    objects.apply_all(_lacking(objects, documents_in(programs / "definitions.yaml")))
    objects.await_kind("serving.kserve.io/v1beta1", "InferenceService")
    objects.apply_all(writer_objects())


def _lacking(objects: Objects, documents: Sequence[Object]) -> list[Object]:
    """Leave out definitions that stand in a cluster already: they stay as they are."""
    there = {one["metadata"]["name"] for one in objects.all_of(*DEFINITION)}
    return [
        one
        for one in documents
        if (one["apiVersion"], one["kind"]) != DEFINITION or one["metadata"]["name"] not in there
    ]


def writer_objects() -> tuple[Object, ...]:
    """Return the account with which Argo CD writes into a cluster, and its rights there.

    By the binding's name admission knows who Argo CD is (``platform/argocd/admission``).
    """
    role = {"apiVersion": "rbac.authorization.k8s.io/v1", "metadata": {"name": WRITER}}
    account = {"kind": "ServiceAccount", "name": WRITER, "namespace": WRITER_NAMESPACE}
    return (
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": WRITER, "namespace": WRITER_NAMESPACE},
        },
        {**role, "kind": "ClusterRole", "rules": list(WRITER_RULES)},
        {
            **role,
            "kind": "ClusterRoleBinding",
            "subjects": [account],
            "roleRef": {
                "apiGroup": "rbac.authorization.k8s.io",
                "kind": "ClusterRole",
                "name": WRITER,
            },
        },
    )


def _install_argocd(objects: Objects, plane: Cluster, programs: Path) -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    objects.apply(namespace)
    objects.apply_all(_lacking(objects, documents_in(programs / "argocd.yaml")), NAMESPACE)
    for kind in ("AppProject", "Application", "ApplicationSet"):
        objects.await_kind("argoproj.io/v1alpha1", kind)
    # Argo CD's server would write it; the ApplicationSet controller, which starts beside it, looks
    # for it once.
    objects.apply(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "argocd-secret", "namespace": NAMESPACE},
            "stringData": {"server.secretkey": secrets.token_urlsafe(32)},
        }
    )
    for account in ACCOUNTS:
        plane.kubeconfig_of(account, objects.token_of(account, NAMESPACE))


def _known_clusters(
    planes: Mapping[str, Cluster], clusters: Mapping[str, Sequence[str]]
) -> list[Object]:
    return [
        _cluster_secret(use, planes[name], server, is_first=use == uses[0])
        for name, uses in clusters.items()
        for use, server in zip(uses, _addresses(planes[name].server), strict=False)
    ]


def _addresses(server: str) -> tuple[str, str]:
    """Return two addresses of one cluster: by each Argo CD knows one name only."""
    return server, other_spelling(server)


def _cluster_secret(name: str, plane: Cluster, server: str, *, is_first: bool) -> Object:
    """Return what makes a cluster known; admission is brought once, under its first name."""
    trust = base64.b64encode(plane.certificate.read_bytes()).decode("ascii")
    settings = {
        "bearerToken": Objects(plane).token_of(WRITER, WRITER_NAMESPACE),
        "tlsClientConfig": {"caData": trust, "serverName": plane.certified},
    }
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": f"cluster-{name}",
            "namespace": NAMESPACE,
            "labels": {
                "argocd.argoproj.io/secret-type": "cluster",
                "turnpike.dev/admission": "here" if is_first else "elsewhere",
            },
        },
        "stringData": {
            "name": name,
            "server": server,
            "config": json.dumps(settings),
        },
    }


def _joint_kubeconfig(
    file: Path, planes: Mapping[str, Cluster], known: Mapping[str, str], first: Cluster
) -> Path:
    """Write a kubeconfig with a context for each name, and one for Argo CD's objects."""
    contexts = {**{use: planes[name] for use, name in known.items()}, ARGOCD_CONTEXT: first}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": ARGOCD_CONTEXT,
        "clusters": [{"name": p.name, "cluster": p.as_entry()} for p in planes.values()],
        "users": [{"name": p.name, "user": {"token": p.token}} for p in planes.values()],
        "contexts": [
            {"name": use, "context": {"cluster": plane.name, "user": plane.name}}
            for use, plane in contexts.items()
        ],
    }
    return write_private(file, json.dumps(document))  # JSON is YAML
