"""What a cluster says of a delivered model, to be bent."""

from __future__ import annotations

from typing import Any

from turnpike.cluster.objects_seen import Application, Plain, Pod, Workload
from turnpike.delivery.snapshot import Snapshot
from turnpike.delivery.wanted import Wanted
from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.judge.layout import DeploymentKey
from turnpike.manifest.release import Release

MAIN = "a" * 40
ARTIFACT = digest_of(b"released")
EARLIER = digest_of(b"released before")
NAME = "dev.local.oncology.tumour"


def release(artifact: Digest = ARTIFACT) -> Release:
    return Release(
        api_version="turnpike.dev/v1",
        kind="Release",
        team="oncology",
        model="tumour",
        version="1",
        artifact=artifact,
        manifest=ObjectId("b" * 40),
        decision=digest_of(b"decision"),
        promoted_from=None,
        traffic=100,
    )


def wanted(released: Release | None = None, *, nothing: bool = False) -> Wanted:
    return Wanted(
        key=DeploymentKey("dev", "local", "oncology", "tumour"),
        cluster="dev-local",
        release=None if nothing else released or release(),
        kind="InferenceService",
        ever=frozenset((ARTIFACT, EARLIER)),
        neighbours=frozenset(("tumour", "lesion")),
    )


def application(**status: Any) -> Application:
    """Return an Application that is in step, but for what is said of its status."""
    good = {
        "sync": {"status": "Synced", "revision": MAIN},
        "health": {"status": "Healthy"},
        "operationState": {"phase": "Succeeded", "syncResult": {"revision": MAIN}},
        "reconciledAt": "a field that is not read",
    }
    return Application.model_validate({"metadata": {"name": NAME}, "status": {**good, **status}})


def carrier(artifact: str = ARTIFACT, name: str = "tumour") -> Plain:
    return Plain.model_validate(
        {
            "apiVersion": "serving.kserve.io/v1beta1",
            "kind": "InferenceService",
            "metadata": {"name": name, "annotations": {"turnpike.dev/artifact": artifact}},
        }
    )


OWNED = [{"kind": "InferenceService", "name": "tumour", "controller": True}]


def workload(*conditions: dict[str, str], owned: bool = True) -> Workload:
    return Workload.model_validate(
        {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "tumour-predictor", "ownerReferences": OWNED if owned else None},
            "status": {"conditions": list(conditions)},
        }
    )


def pod(
    artifact: str = ARTIFACT,
    *,
    owned: bool = True,
    more: tuple[str, ...] = (),
    program: str = "turnpike.delivery.verify_artifact",
    **status: Any,
) -> Pod:
    """Return a pod that serves, but for what is said of its status.

    ``more`` are further arguments of its verifying step, which runs ``program``.
    """
    ready = {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
    verify = {
        "name": "verify-artifact",
        "command": ["python", "-m", program],
        "args": ["--digest", artifact, "--source", "/from", "--destination", "/to", *more],
    }
    return Pod.model_validate(
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "tumour-1", "ownerReferences": OWNED if owned else []},
            "spec": {"initContainers": [verify]},
            "status": status or ready,
        }
    )


def snapshot(**parts: Any) -> Snapshot:
    good = {
        "application": application(),
        "carriers": (carrier(),),
        "workloads": (workload(),),
        "pods": (pod(),),
        "beside": (),
    }
    return Snapshot(**{**good, **parts})
