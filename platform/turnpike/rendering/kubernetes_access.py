"""Who may do what in an environment's clusters, from ``access`` in organisation.yaml.

Source: Kubernetes, "Using RBAC Authorization". A group is bound in the namespaces of its teams, one
for each team in each environment. Nobody reads Secrets, enters a container, or writes past Git.
A binding whom nobody is left for stays, with no subject: ``kubectl apply`` would keep what is only
left out, with whom it bound before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from turnpike.rendering.dump import dump
from turnpike.rendering.kubernetes_object import KubernetesObject
from turnpike.rendering.kubernetes_sign_on import PREFIX
from turnpike.topology.organisation import Access, Organisation

_API = "rbac.authorization.k8s.io"
_COMMENT = "Derived by `turnpike access render` from access in organisation.yaml; do not edit."
_LOOK: list[JsonValue] = ["get", "list", "watch"]
_SEEN: dict[str, list[JsonValue]] = {
    "": ["configmaps", "events", "pods", "pods/log", "serviceaccounts", "services"],
    "apps": ["deployments", "replicasets"],
    "monitoring.coreos.com": ["prometheusrules", "servicemonitors"],
    "networking.k8s.io": ["networkpolicies"],
    "serving.kserve.io": ["inferenceservices"],
}
_OF_CLUSTER: dict[str, list[JsonValue]] = {"": ["namespaces", "nodes"]}


def kubernetes_file(environment: str) -> str:
    """Return where the form of one environment's clusters stands in the repository."""
    return f"platform/access/kubernetes/{environment}.yaml"


def kubernetes_bytes(organisation: Organisation, environment: str) -> bytes:
    """Return the roles and bindings of one environment's clusters as YAML documents."""
    entries = [entry for entry in organisation.access if entry.holds_in(environment)]
    prefix = organisation.group_prefix
    teams = sorted(team.name for team in organisation.teams)
    bindings = (
        _binding(f"{environment}-{team}", role, groups)
        for team in teams
        for role, groups in _groups_in(entries, team, prefix)
    )
    everywhere = sorted({f"{prefix}{e.group}" for e in entries if e.role == "administrator"})
    return dump((*_roles(), _cluster_binding(everywhere), *bindings), _COMMENT)


def _groups_in(
    entries: Iterable[Access], team: str, prefix: str
) -> Iterator[tuple[str, list[str]]]:
    """Yield each role with the groups that have it in a team's namespace."""
    here = [entry for entry in entries if entry.holds_for(team)]
    for role in ("operator", "viewer"):
        wanted = {"operator", "administrator"} if role == "operator" else {"viewer"}
        yield role, sorted({f"{prefix}{entry.group}" for entry in here if entry.role in wanted})


def _roles() -> Iterator[KubernetesObject]:
    """Yield what viewers, operators and administrators may do; an operator has pods made anew."""
    again: JsonValue = {"apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]}
    yield _role("viewer", _looking_at(_SEEN))
    yield _role("operator", [*_looking_at(_SEEN), again])
    yield _role("administrator", _looking_at(_OF_CLUSTER))


def _looking_at(resources: dict[str, list[JsonValue]]) -> list[JsonValue]:
    return [
        {"apiGroups": [group], "resources": names, "verbs": _LOOK}
        for group, names in resources.items()
    ]


def _role(name: str, rules: list[JsonValue]) -> KubernetesObject:
    return {
        "apiVersion": f"{_API}/v1",
        "kind": "ClusterRole",
        "metadata": {"name": f"turnpike-{name}"},
        "rules": rules,
    }


def _binding(namespace: str, role: str, groups: list[str]) -> KubernetesObject:
    return {
        "apiVersion": f"{_API}/v1",
        "kind": "RoleBinding",
        "metadata": {"name": f"turnpike-{role}", "namespace": namespace},
        **_bound(role, groups),
    }


def _cluster_binding(groups: list[str]) -> KubernetesObject:
    return {
        "apiVersion": f"{_API}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "turnpike-administrator"},
        **_bound("administrator", groups),
    }


def _bound(role: str, groups: list[str]) -> KubernetesObject:
    return {
        "roleRef": {"apiGroup": _API, "kind": "ClusterRole", "name": f"turnpike-{role}"},
        "subjects": [
            {"apiGroup": _API, "kind": "Group", "name": f"{PREFIX}{group}"} for group in groups
        ],
    }
