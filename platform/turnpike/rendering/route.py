"""The ConfigMap of a generative model: its canonical route document, for the shared gateway."""

from __future__ import annotations

from turnpike.documents.canonical import canonical_document
from turnpike.manifest.model import GenerativeModel
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import LABEL_PREFIX, KubernetesObject, head


def route_config_map(deployment: Deployment, model: GenerativeModel) -> KubernetesObject:
    """Return the route, byte for byte what its released digest is the digest of.

    ``traffic`` tells the gateway whether to open the route.
    """
    labels = {LABEL_PREFIX + "component": "gateway-route"}
    return {
        **head(deployment, "v1", "ConfigMap", name=f"{model.name}-route", labels=labels),
        "data": {
            "route.json": canonical_document(model.route).decode(),
            "traffic": str(deployment.release.traffic),
        },
    }
