"""How the released bytes get into a pod: fetched by digest, verified, and only then mounted.

Two init containers in order. The first fetches into a scratch volume that the server never sees;
the second compares the digest and copies what it has compared to the volume that is served.
"""

from __future__ import annotations

from pydantic import JsonValue

from turnpike.rendering.deployment import Deployment
from turnpike.topology.environment import Runtime

VERIFYING = "verify-artifact"
"""The init container that lets nothing but the released bytes through to the server."""

MODELS_PATH = "/mnt/models"
_FETCHED_PATH = "/mnt/fetched"
_CLAIM_SCHEME = "pvc://"
_FETCHED, _VERIFIED = "artifact-fetched", "artifact-verified"
_COMMAND = ("python", "-m", "turnpike.delivery.verify_artifact")
VERIFYING_OPTIONS = ("--digest", "--source", "--destination")

CONTAINER_SECURITY: dict[str, JsonValue] = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "privileged": False,
    "readOnlyRootFilesystem": True,
    "runAsNonRoot": True,
}


def is_verifying(command: tuple[str, ...], arguments: tuple[str, ...]) -> bool:
    """Tell whether a step runs the one program, with each of its options once and in order."""
    is_whole = len(arguments) == 2 * len(VERIFYING_OPTIONS)
    return command == _COMMAND and arguments[::2] == VERIFYING_OPTIONS and is_whole


def storage_uri(deployment: Deployment) -> str:
    """Return ``<storage>/<sha256 hex>/``: an address that no other bytes can have."""
    return f"{deployment.target.storage}/{deployment.artifact_hex}/"


def init_containers(deployment: Deployment, runtime: Runtime) -> list[JsonValue]:
    """Return the steps before serving; a mounted claim needs no download."""
    verify = _verify(deployment, runtime)
    return [verify] if _claim(deployment) else [_download(deployment, runtime), verify]


def volumes(deployment: Deployment) -> list[JsonValue]:
    """Return the pod's volumes: what is fetched, what is verified, and room for temporary files."""
    claim = _claim(deployment)
    fetched: JsonValue = (
        {"name": _FETCHED, "persistentVolumeClaim": {"claimName": claim, "readOnly": True}}
        if claim
        else {"name": _FETCHED, "emptyDir": {}}
    )
    return [fetched, {"name": _VERIFIED, "emptyDir": {}}, {"name": "temporary", "emptyDir": {}}]


def server_mounts() -> list[JsonValue]:
    """Return what the server sees: verified bytes, read-only, and its temporary files."""
    return [
        {"name": _VERIFIED, "mountPath": MODELS_PATH, "readOnly": True},
        {"name": "temporary", "mountPath": "/tmp"},  # noqa: S108 - a path inside the container
    ]


def _claim(deployment: Deployment) -> str:
    """Return the volume claim that holds the store; empty for a store that is downloaded from."""
    storage = deployment.target.storage
    return storage.removeprefix(_CLAIM_SCHEME) if storage.startswith(_CLAIM_SCHEME) else ""


def _download(deployment: Deployment, runtime: Runtime) -> JsonValue:
    return {
        # KServe adds its own downloader, after ours, unless a container of this name is there.
        "name": "storage-initializer",
        "image": runtime.download.reference(deployment.target.images),
        "args": [storage_uri(deployment), _FETCHED_PATH],
        "resources": _small(),
        "securityContext": {**CONTAINER_SECURITY},
        "volumeMounts": [
            {"name": _FETCHED, "mountPath": _FETCHED_PATH},
            {"name": "temporary", "mountPath": "/tmp"},  # noqa: S108 - inside the container
        ],
    }


def _verify(deployment: Deployment, runtime: Runtime) -> JsonValue:
    fetched: dict[str, JsonValue] = {
        "name": _FETCHED,
        "mountPath": _FETCHED_PATH,
        "readOnly": True,
    }
    if _claim(deployment):
        fetched["subPath"] = deployment.artifact_hex
    values = (deployment.release.artifact, _FETCHED_PATH, MODELS_PATH)
    return {
        "name": VERIFYING,
        "image": runtime.verify.reference(deployment.target.images),
        "command": [*_COMMAND],
        "args": [word for pair in zip(VERIFYING_OPTIONS, values, strict=True) for word in pair],
        "resources": _small(),
        "securityContext": {**CONTAINER_SECURITY},
        "volumeMounts": [fetched, {"name": _VERIFIED, "mountPath": MODELS_PATH}],
    }


def _small() -> JsonValue:
    return {
        "requests": {"cpu": "100m", "memory": "256Mi"},
        "limits": {"cpu": "1", "memory": "1Gi"},
    }
