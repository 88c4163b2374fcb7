"""The volume with the artifact store, which the platform's people make in a cluster of their own.

No kubelet reads it here: it only lets the scheduler place the pods that ask for it.
"""

from __future__ import annotations

from turnpike.loopback.objects import Object

CLAIM = "turnpike-artifacts"
_SIZE = {"storage": "1Gi"}
_MODES = ("ReadOnlyMany",)


def artifact_volume(namespace: str) -> tuple[Object, ...]:
    """Return the namespace, and a volume that is bound to the claim of its models."""
    claim = {"name": CLAIM, "namespace": namespace}
    bound = {**claim, "apiVersion": "v1", "kind": "PersistentVolumeClaim"}
    name = f"{namespace}-artifacts"
    return (
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}},
        {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {"name": name},
            "spec": {
                "capacity": _SIZE,
                "accessModes": list(_MODES),
                "storageClassName": "",
                "hostPath": {"path": "/nowhere"},
                "claimRef": bound,
            },
        },
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": claim,
            "spec": {
                "accessModes": list(_MODES),
                "storageClassName": "",
                "volumeName": name,
                "resources": {"requests": _SIZE},
            },
        },
    )
