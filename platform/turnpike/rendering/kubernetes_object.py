"""What every rendered Kubernetes object has in common: its head, its name and its labels."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeAlias

from pydantic import JsonValue

from turnpike.rendering.deployment import Deployment

KubernetesObject: TypeAlias = dict[str, JsonValue]

LABEL_PREFIX = "turnpike.dev/"
NONE: Mapping[str, str] = MappingProxyType({})
BEFORE_AND_AFTER: Mapping[str, str] = MappingProxyType({"argocd.argoproj.io/sync-wave": "-1"})
"""Annotates what Argo CD writes before the service, and takes away once the service is gone."""
_LABEL_LIMIT = 63


def labels_of(deployment: Deployment) -> dict[str, str]:
    """Return the labels of every object; a label's value holds at most 63 characters.

    The artifact is therefore the first 63 of its digest's 64 hexadecimal digits: enough to find
    it, while the annotation holds all of it.
    """
    return {
        "app.kubernetes.io/managed-by": "turnpike",
        LABEL_PREFIX + "artifact": deployment.artifact_hex[:_LABEL_LIMIT],
        LABEL_PREFIX + "environment": deployment.environment.name,
        LABEL_PREFIX + "model": deployment.model.name,
        LABEL_PREFIX + "risk-tier": deployment.model.risk_tier,
        LABEL_PREFIX + "target": deployment.target.name,
        LABEL_PREFIX + "team": deployment.model.team,
    }


def selector_of(deployment: Deployment) -> dict[str, str]:
    """Return the labels that pick out the deployment's pods, whatever artifact they serve."""
    return {
        LABEL_PREFIX + "model": deployment.model.name,
        LABEL_PREFIX + "team": deployment.model.team,
    }


def annotations_of(deployment: Deployment) -> dict[str, str]:
    """Return what an object says of its origin, for people and for audits."""
    return {
        LABEL_PREFIX + "artifact": deployment.release.artifact,
        LABEL_PREFIX + "decision": deployment.release.decision,
        LABEL_PREFIX + "manifest": deployment.release.manifest,
        LABEL_PREFIX + "version": deployment.release.version,
    }


def head(
    deployment: Deployment,
    api_version: str,
    kind: str,
    *,
    name: str = "",
    labels: Mapping[str, str] = NONE,
    annotations: Mapping[str, str] = NONE,
) -> KubernetesObject:
    """Return the start of an object; its spec or data is added by its own file.

    The object is named after the model, unless another name is given.
    """
    return {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {
            "name": name or deployment.model.name,
            "namespace": deployment.namespace,
            "labels": {**labels_of(deployment), **labels},
            "annotations": {**annotations_of(deployment), **annotations},
        },
    }
