"""The KServe InferenceService of a predictive model, over the Open Inference Protocol (v2).

Source: KServe v0.16, serving.kserve.io/v1beta1. Its Knative mode splits traffic between the last
revision that had all of it and the one in the manifest, by ``canaryTrafficPercent``; with tag
routing the latter also has an address of its own. Standard mode does neither.
"""

from __future__ import annotations

from pydantic import JsonValue

from turnpike.rendering.artifact import (
    CONTAINER_SECURITY,
    MODELS_PATH,
    init_containers,
    server_mounts,
    storage_uri,
    volumes,
)
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.kubernetes_object import KubernetesObject, head, labels_of
from turnpike.topology.environment import AcceleratorPool, Runtime

_USER = 1000


def inference_service(deployment: Deployment, runtime: Runtime) -> KubernetesObject:
    """Return the service that serves the released artifact, or stands ready without traffic."""
    annotations: dict[str, str] = {
        "serving.kserve.io/deploymentMode": deployment.target.deployment_mode
    }
    if deployment.target.deployment_mode == "Knative":
        # Always, so that no step makes another revision of the same artifact.
        annotations["serving.kserve.io/enable-tag-routing"] = "true"
    if not deployment.is_serving:
        annotations["serving.kserve.io/stop"] = "true"
    document = head(
        deployment, "serving.kserve.io/v1beta1", "InferenceService", annotations=annotations
    )
    return {**document, "spec": {"predictor": _predictor(deployment, runtime)}}


def _predictor(deployment: Deployment, runtime: Runtime) -> JsonValue:
    replicas = deployment.replicas
    predictor: dict[str, JsonValue] = {
        "labels": _pod_labels(deployment),
        "minReplicas": replicas.minimum,
        "maxReplicas": replicas.maximum,
        "serviceAccountName": deployment.model.name,
        "automountServiceAccountToken": False,
        "securityContext": _pod_security(),
        "initContainers": init_containers(deployment, runtime),
        "model": _model(deployment, runtime),
        "volumes": volumes(deployment),
    }
    return {**_share(deployment), **predictor, **_placement(deployment)}


def _share(deployment: Deployment) -> dict[str, JsonValue]:
    """Return the share beside what serves the rest; nothing where the artifact serves alone."""
    if deployment.release.rest is None:
        return {}
    return {"canaryTrafficPercent": deployment.release.traffic}


def _pod_labels(deployment: Deployment) -> JsonValue:
    identity = deployment.target.identity
    return {**labels_of(deployment), **(identity.pod_labels if identity else {})}


def _pod_security() -> JsonValue:
    return {
        "fsGroup": _USER,
        "runAsGroup": _USER,
        "runAsNonRoot": True,
        "runAsUser": _USER,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def _model(deployment: Deployment, runtime: Runtime) -> JsonValue:
    return {
        "modelFormat": {"name": runtime.model_format, "version": runtime.model_format_version},
        "protocolVersion": "v2",
        "runtime": runtime.serving_runtime,
        "image": runtime.server.reference(deployment.target.images),
        "storageUri": storage_uri(deployment),
        "env": _environment_variables(deployment),
        "resources": _resources(deployment),
        "securityContext": {**CONTAINER_SECURITY},
        "volumeMounts": server_mounts(),
    }


def _environment_variables(deployment: Deployment) -> JsonValue:
    # KServe's webhook would add the first two itself, which Argo CD would then see as drift.
    values = {
        "MLSERVER_MODEL_NAME": deployment.model.name,
        "MLSERVER_MODEL_URI": MODELS_PATH,
        "MLSERVER_ENVIRONMENTS_DIR": "/tmp/environments",  # noqa: S108 - inside the container
        "MLSERVER_METRICS_DIR": "/tmp/metrics",  # noqa: S108 - inside the container
    }
    return [{"name": name, "value": value} for name, value in values.items()]


def _resources(deployment: Deployment) -> JsonValue:
    size = deployment.resources
    amounts: dict[str, JsonValue] = {
        "cpu": f"{size.cpu_millicores}m",
        "memory": f"{size.memory_mebibytes}Mi",
    }
    for pool, count in _pools(deployment):
        amounts[pool.resource] = str(count)
    return {"requests": {**amounts}, "limits": {**amounts}}


def _placement(deployment: Deployment) -> dict[str, JsonValue]:
    """Return on which nodes the pods may run; nothing where the target has but one kind."""
    pools = [pool for pool, _ in _pools(deployment)]
    nodes = dict(deployment.target.node_selector)
    for pool in pools:
        nodes |= pool.node_selector
    taints = sorted({pool.taint for pool in pools if pool.taint})
    placement: dict[str, JsonValue] = {"nodeSelector": {**nodes}} if nodes else {}
    if taints:
        placement["tolerations"] = [
            {"key": taint, "operator": "Exists", "effect": "NoSchedule"} for taint in taints
        ]
    return placement


def _pools(deployment: Deployment) -> list[tuple[AcceleratorPool, int]]:
    wanted = deployment.model.serving.accelerators
    found = [(deployment.target.accelerator_pool(item.kind), item.count) for item in wanted]
    return [(pool, count) for pool, count in found if pool is not None]
