"""The node on which a demonstration's pods become Ready without anything being pulled or run.

kwok plays its kubelet, as an account that may do no more than that. A taint keeps everybody else's
pods away, and so does, for those that tolerate everything, that it says nothing of its operating
system: what belongs on each node usually selects one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from turnpike.loopback.cluster import Cluster
from turnpike.loopback.objects import Object, Objects
from turnpike.loopback.processes import Processes

GUEST = "turnpike-demo"
"""What is ours in a cluster and nobody else's is called so: a namespace, a node, roles."""

KWOK = "turnpike-demo-kwok"
NODE_LABELS: Mapping[str, str] = {"turnpike.dev/node": "played"}
"""By these a pod asks for the node; ``TOLERATION`` lets it stay there."""

TOLERATION: Mapping[str, str] = {"key": "turnpike.dev/node", "operator": "Exists"}
_TAINT = {"key": "turnpike.dev/node", "value": "played"}
_LEASE_SECONDS = "40"
_SEEN, _CHANGED = ["get", "list", "watch"], ["patch", "update"]

_NODE: Mapping[str, object] = {
    "apiVersion": "v1",
    "kind": "Node",
    "metadata": {"name": GUEST, "labels": {"kubernetes.io/hostname": GUEST, **NODE_LABELS}},
    "spec": {"taints": [{**_TAINT, "effect": effect} for effect in ("NoSchedule", "NoExecute")]},
    "status": {
        side: {"cpu": "64", "memory": "256Gi", "pods": "500", "nvidia.com/gpu": "8"}
        for side in ("allocatable", "capacity")
    },
}
_RULES: Sequence[Mapping[str, object]] = (
    {"apiGroups": [""], "resources": ["nodes"], "verbs": _SEEN},
    {"apiGroups": [""], "resources": ["nodes/status", "pods/status"], "verbs": _CHANGED},
    {"apiGroups": [""], "resources": ["pods"], "verbs": [*_SEEN, *_CHANGED, "delete"]},
    {"apiGroups": [""], "resources": ["events"], "verbs": ["create", *_CHANGED]},
    {
        "apiGroups": ["coordination.k8s.io"],
        "resources": ["leases"],
        "verbs": [*_SEEN, *_CHANGED, "create"],
    },
)


def start_node(cluster: Cluster, programs: Path, processes: Processes) -> None:
    """Give a cluster the node, and let kwok play it; nothing is awaited."""
    objects = Objects(cluster)
    objects.apply(_NODE)
    objects.apply_all(_kwok_account())
    kubeconfig = cluster.kubeconfig_of(KWOK, objects.token_of(KWOK, GUEST))
    processes.start(
        f"{cluster.name}-kwok",
        [
            programs / "kwok", "--kubeconfig", kubeconfig, "--config", programs / "stages.yaml",
            "--manage-single-node", GUEST, "--node-lease-duration-seconds", _LEASE_SECONDS,
        ],
    )  # fmt: skip


def _kwok_account() -> tuple[Object, ...]:
    group = "rbac.authorization.k8s.io"
    role = {"apiVersion": f"{group}/v1", "metadata": {"name": KWOK}}
    account = {"kind": "ServiceAccount", "name": KWOK, "namespace": GUEST}
    bound = {"apiGroup": group, "kind": "ClusterRole", "name": KWOK}
    return (
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": GUEST}},
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": KWOK, "namespace": GUEST},
        },
        {**role, "kind": "ClusterRole", "rules": list(_RULES)},
        {**role, "kind": "ClusterRoleBinding", "roleRef": bound, "subjects": [account]},
    )
