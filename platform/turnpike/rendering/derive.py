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

    What is planned is judged in the same process: of the very same parts it is rendered once.
    Raises InvalidDocument where the parts of the deployment do not fit.
    """
    release = release_bytes(deployment.release)
    one = deployment
    same = id(one.model), id(one.environment), id(one.target), id(one.settings), release
    if same not in _DERIVED:
        files = {
            f"{deployment.folder}/{RELEASE_FILE}": release,
            f"{deployment.folder}/{MANIFESTS_FILE}": render(deployment),
        }
        if len(_DERIVED) == _MOST:
            _DERIVED.clear()
        _DERIVED[same] = deployment, MappingProxyType(files)
    return _DERIVED[same][1]


_MOST = 2048
# With each deployment, so that its parts live on and no others get their ids.
_DERIVED: dict[tuple[int, int, int, int, bytes], tuple[Deployment, Mapping[str, bytes]]] = {}
