"""What lets a cluster's admission know which artifact is released: a right of the model's account.

No pod uses the right, and nothing serves the resource that it names. The policy in
``platform/argocd/admission/released-artifacts.yaml`` asks Kubernetes' authorizer whether the
account has it, so an artifact that no release names is refused, whoever asks. It is written before
the service (Argo CD's sync waves).
"""

from __future__ import annotations

from pydantic import JsonValue

from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import BEFORE_AND_AFTER, KubernetesObject, head

GROUP, RESOURCE, VERB = "turnpike.dev", "artifacts", "serve"
_API, _VERSION = "rbac.authorization.k8s.io", "v1"


def release_grant(deployment: Deployment) -> tuple[KubernetesObject, KubernetesObject]:
    """Return the right to serve the released artifact, and its binding to the model's account."""
    name = deployment.model.name
    rule: JsonValue = {
        "apiGroups": [GROUP],
        "resources": [RESOURCE],
        "resourceNames": [deployment.artifact_hex],
        "verbs": [VERB],
    }
    account: JsonValue = {
        "kind": "ServiceAccount",
        "name": name,
        "namespace": deployment.namespace,
    }
    role = head(deployment, f"{_API}/{_VERSION}", "Role", annotations=BEFORE_AND_AFTER)
    binding = head(deployment, f"{_API}/{_VERSION}", "RoleBinding", annotations=BEFORE_AND_AFTER)
    return (
        {**role, "rules": [rule]},
        {
            **binding,
            "roleRef": {"apiGroup": _API, "kind": "Role", "name": name},
            "subjects": [account],
        },
    )
