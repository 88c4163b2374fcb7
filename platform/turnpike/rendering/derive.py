"""The derived files of one deployment, by path: what Git must hold, byte for byte."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from types import MappingProxyType

from turnpike.rendering.deployment import Deployment
from turnpike.rendering.release import release_bytes
from turnpike.rendering.render import render

RELEASE_FILE = "release.yaml"
MANIFESTS_FILE = "manifests.yaml"


def derived_files(deployment: Deployment) -> Mapping[str, bytes]:
    """Return ``release.yaml`` and ``manifests.yaml`` of a deployment, by path from the root.

    What is planned is judged in the same process: of the very same parts it is rendered once.
    Raises InvalidDocument where the parts of the deployment do not fit.
    """
    release = release_bytes(deployment.release)
    same = release, *(id(getattr(deployment, part)) for part in _PARTS)
    found = _DERIVED.get(same)
    if found is None:
        files = {
            f"{deployment.folder}/{RELEASE_FILE}": release,
            f"{deployment.folder}/{MANIFESTS_FILE}": render(deployment),
        }
        if len(_DERIVED) == _MOST:
            _DERIVED.clear()
        found = _DERIVED[same] = deployment, MappingProxyType(files)
    return found[1]


_PARTS = tuple(part.name for part in fields(Deployment) if part.name != "release")
_MOST = 2048
# With each deployment, so that its parts live on and no others get their ids.
_DERIVED: dict[tuple[object, ...], tuple[Deployment, Mapping[str, bytes]]] = {}
