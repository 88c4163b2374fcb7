"""What lets a cluster's admission know what is released: rights of the model's account.

They are to ``serve`` the artifact, by its digest, and to ``run`` the images of its pods, by their
references. No pod uses the rights, and nothing serves the resources that they name. The policy in
``platform/argocd/admission/released-artifacts.yaml`` asks Kubernetes' authorizer whether the
account has them, so what no release names is refused, whoever asks. They are written before the
service (Argo CD's sync waves).
"""

from __future__ import annotations

from pydantic import JsonValue

from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import BEFORE_AND_AFTER, KubernetesObject, head
from turnpike.topology.environment import Runtime

GROUP, RESOURCE, VERB = "turnpike.dev", "artifacts", "serve"
IMAGES, RUN = "images", "run"
_API, _VERSION = "rbac.authorization.k8s.io", "v1"


def release_grant(
    deployment: Deployment, runtime: Runtime
) -> tuple[KubernetesObject, KubernetesObject]:
    """Return the rights to what is released, and their binding to the model's account."""
    name = deployment.model.name
    rules: list[JsonValue] = [
        _right(RESOURCE, [deployment.artifact_hex], VERB),
        _right(IMAGES, _images(deployment, runtime), RUN),
    ]
    account: JsonValue = {
        "kind": "ServiceAccount",
        "name": name,
        "namespace": deployment.namespace,
    }
    role = head(deployment, f"{_API}/{_VERSION}", "Role", annotations=BEFORE_AND_AFTER)
    binding = head(deployment, f"{_API}/{_VERSION}", "RoleBinding", annotations=BEFORE_AND_AFTER)
    return (
        {**role, "rules": rules},
        {
            **binding,
            "roleRef": {"apiGroup": _API, "kind": "Role", "name": name},
            "subjects": [account],
        },
    )


def _right(resource: str, names: list[str], verb: str) -> JsonValue:
    return {
        "apiGroups": [GROUP],
        "resources": [resource],
        "resourceNames": [*names],
        "verbs": [verb],
    }


def _images(deployment: Deployment, runtime: Runtime) -> list[str]:
    images = (runtime.server, runtime.download, runtime.verify)
    return sorted({image.reference(deployment.target.images) for image in images})
