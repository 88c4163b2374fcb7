"""What a cluster says of a model that serves as released, to be bent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

from turnpike.cluster.interface import Watched
from turnpike.cluster.tally import Counted, Scraped
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.errors import Unavailable
from unit.judge.deployed import RELEASE

ARTIFACT, EARLIER = digest_of(b"released"), digest_of(b"released before")
NOW = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
LONG_AGO, JUST_NOW = "2026-11-28T05:00:00Z", "2026-11-28T05:59:59Z"
COUNTED = Counted(requests=10, errors=1, answered={0.1: 9, float("inf"): 10})


def watched(artifact: Digest = ARTIFACT, **changed: Any) -> Watched:
    release = RELEASE.model_copy(update={"artifact": artifact})
    return Watched("staging", "local", release, **changed)


def _verifying(artifact: str) -> dict[str, Any]:
    verify = {
        "name": "verify-artifact",
        "command": ["python", "-m", "turnpike.delivery.verify_artifact"],
        "args": ["--digest", artifact, "--source", "/from", "--destination", "/to"],
    }
    return {"initContainers": [verify]}


def service(artifact: str = ARTIFACT, **parts: Any) -> dict[str, Any]:
    """Return an InferenceService that is ready; parts of its metadata and status may differ."""
    good = {"observedGeneration": 3, "conditions": [{"type": "Ready", "status": "True"}]}
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {
            "name": RELEASE.model,
            "annotations": {"turnpike.dev/artifact": artifact},
            "generation": 3,
        },
        "spec": {"predictor": _verifying(parts.get("verified", artifact))},
        "status": {**good, **parts.get("status", {})},
    }


def pod(name: str = "one", artifact: str = ARTIFACT, **parts: Any) -> dict[str, Any]:
    """Return a pod that takes requests since an hour ago."""
    ready = {"type": "Ready", "status": parts.get("ready", "True")}
    since = parts.get("since", LONG_AGO)
    owners = [{"kind": "ReplicaSet", "name": "r", "controller": True}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "ownerReferences": owners if parts.get("owned", True) else [],
            "deletionTimestamp": parts.get("deleted"),
        },
        "spec": _verifying(artifact),
        "status": {"conditions": [{**ready, "lastTransitionTime": since}]},
    }


@dataclass
class Objects:
    """What an API server would answer; raises what it is given instead, where that is an error."""

    service: JsonValue
    pods: list[JsonValue]
    error: Unavailable | None = None

    def find(self, kind: str, namespace: str, name: str) -> JsonValue:
        if self.error:
            raise self.error
        assert (kind, namespace, name) == (
            "InferenceService", f"staging-{RELEASE.team}", RELEASE.model,
        )  # fmt: skip
        return self.service

    def all_of(self, kind: str, namespace: str, labels: Mapping[str, str]) -> list[JsonValue]:
        assert (kind, namespace) == ("Pod", f"staging-{RELEASE.team}")
        wanted = {"turnpike.dev/team": RELEASE.team, "turnpike.dev/model": RELEASE.model}
        assert labels == wanted
        return self.pods


@dataclass
class Metrics:
    """What a metrics source would answer, by pod; an error instead where it has one."""

    pods: dict[str, Scraped] = field(default_factory=lambda: {"one": Scraped(5.0, COUNTED)})
    error: Unavailable | None = None

    def scraped(self, namespace: str, model: str) -> Mapping[str, Scraped]:
        if self.error:
            raise self.error
        assert (namespace, model) == (f"staging-{RELEASE.team}", RELEASE.model)
        return self.pods
