"""The derived files of one deployment, by path: what Git must hold, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from turnpike.rendering.deployment import Deployment
from turnpike.rendering.release import release_bytes
from turnpike.rendering.render import render

RELEASE_FILE = "release.yaml"
MANIFESTS_FILE = "manifests.yaml"


def derived_files(deployment: Deployment) -> Mapping[str, bytes]:
    """Return ``release.yaml`` and ``manifests.yaml`` of a deployment, by path from the root.

    Raises InvalidDocument where the parts of the deployment do not fit.
    """
    return MappingProxyType(
        {
            f"{deployment.folder}/{RELEASE_FILE}": release_bytes(deployment.release),
            f"{deployment.folder}/{MANIFESTS_FILE}": render(deployment),
        }
    )
