"""All that a demonstration leaves in a cluster: what must not stand there before, and goes after.

Argo CD brings a part of it by itself, so nobody keeps a list while it comes: the names are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from turnpike.loopback.argocd import NAMESPACE as ARGOCD
from turnpike.loopback.fleet import WRITER, WRITER_NAMESPACE
from turnpike.loopback.node import GUEST, KWOK
from turnpike.loopback.objects import DEFINITION, Object, documents_in
from turnpike.loopback.volume import artifact_volume

KSERVE, KSERVE_ACCOUNT = "kserve", "kserve-controller-manager"
_ROLES = "rbac.authorization.k8s.io/v1"


class Ref(NamedTuple):
    """One object by what names it; ``namespace`` is empty for what belongs to none."""

    api_version: str
    kind: str
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        """Return it as kubectl takes it."""
        return f"{self.kind.lower()}/{self.name}"


@dataclass(frozen=True, slots=True)
class Footprint:
    """What is brought, in the order in which it goes; definitions go only where they came.

    ``own`` are what the demonstration administers by, and its mark: the first that comes and the
    last that goes.
    """

    brought: Sequence[Ref]
    definitions: Sequence[Object]
    own: Sequence[Ref]

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Return the namespaces that are made."""
        refs = (*self.brought, *self.own)
        return tuple(ref.name for ref in refs if ref.kind == "Namespace")


def footprint_of(
    programs: Path, admission: Path, team: str, environments: Iterable[str], *, hosts_argocd: bool
) -> Footprint:
    """Return what comes into the cluster of some environments, for the models of one team.

    ``programs`` is the folder that the set-up built, ``admission`` is
    ``platform/argocd/admission``.
    """
    definitions = list(documents_in(programs / "definitions.yaml"))
    argocd = documents_in(programs / "argocd.yaml") if hosts_argocd else ()
    definitions += [one for one in argocd if one["kind"] == DEFINITION[1]]
    policies = [one for file in sorted(admission.glob("*.yaml")) for one in documents_in(file)]
    volumes = [one for name in environments for one in artifact_volume(name, team)]
    homes = [ARGOCD] * hosts_argocd + [KSERVE]
    return Footprint(
        brought=(
            *_cluster_wide(reversed(policies)),
            *(Ref("v1", "Namespace", home) for home in homes),
            *_cluster_wide(volumes),
            *_cluster_wide(one for one in argocd if one["kind"] != DEFINITION[1]),
            *(ref for name in (KSERVE_ACCOUNT, WRITER, KWOK) for ref in _role(name)),
            Ref("v1", "ServiceAccount", WRITER, WRITER_NAMESPACE),
            Ref("v1", "Node", GUEST),
            Ref("coordination.k8s.io/v1", "Lease", GUEST, "kube-node-lease"),
        ),
        definitions=tuple(definitions),
        own=(Ref(_ROLES, "ClusterRoleBinding", GUEST), Ref("v1", "Namespace", GUEST)),
    )


def _cluster_wide(objects: Iterable[Object]) -> tuple[Ref, ...]:
    """Name those that belong to no namespace of their own; the others go with it."""
    kinds = (
        "ClusterRole", "ClusterRoleBinding", "Namespace", "PersistentVolume",
        "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
    )  # fmt: skip
    return tuple(
        Ref(str(one["apiVersion"]), str(one["kind"]), str(one["metadata"]["name"]))
        for one in objects
        if one["kind"] in kinds
    )


def _role(name: str) -> tuple[Ref, ...]:
    return Ref(_ROLES, "ClusterRoleBinding", name), Ref(_ROLES, "ClusterRole", name)
