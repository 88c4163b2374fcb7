"""The volume with the artifact store, which the platform's people make in a cluster of their own.

No kubelet reads it here: it only lets the scheduler place the pods that ask for it.
"""

from __future__ import annotations

from turnpike.loopback.objects import Object

CLAIM = "turnpike-artifacts"
_SIZE = {"storage": "1Gi"}
_MODES = ("ReadOnlyMany",)


def artifact_volume(environment: str, team: str) -> tuple[Object, ...]:
    """Return the namespace of a team, and a volume that is bound to the claim of its models.

    The namespace has the label that admission asks for where it is made.
    """
    namespace = f"{environment}-{team}"
    labels = {"turnpike.dev/environment": environment}
    claim = {"name": CLAIM, "namespace": namespace}
    bound = {**claim, "apiVersion": "v1", "kind": "PersistentVolumeClaim"}
    name = f"{namespace}-artifacts"
    return (
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": namespace, "labels": labels},
        },
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
