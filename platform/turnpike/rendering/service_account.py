"""The identity of a model's pods: one account for each deployment, bound to a cloud principal."""

from __future__ import annotations

from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import KubernetesObject, head


def service_account(deployment: Deployment) -> KubernetesObject:
    """Return the account, with the annotation by which its cloud recognises it; no token."""
    account = head(deployment, "v1", "ServiceAccount", annotations=_annotations(deployment))
    return {**account, "automountServiceAccountToken": False}


def _annotations(deployment: Deployment) -> dict[str, str]:
    identity = deployment.target.identity
    if identity is None:
        return {}
    team, model = deployment.model.team, deployment.model.name
    pattern = identity.principals.get(team, identity.principal)
    return {identity.annotation: pattern.replace("{team}", team).replace("{model}", model)}
