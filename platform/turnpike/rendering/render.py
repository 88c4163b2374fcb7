"""One deployment to ``manifests.yaml``."""

from __future__ import annotations

from turnpike.errors import Defect, InvalidDocument
from turnpike.manifest.model import GenerativeModel
from turnpike.rendering.consistency import deployment_problems
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.dump import dump
from turnpike.rendering.inference_service import inference_service
from turnpike.rendering.kubernetes_object import KubernetesObject
from turnpike.rendering.network_policy import network_policy
from turnpike.rendering.prometheus_rule import prometheus_rule
from turnpike.rendering.release_grant import release_grant
from turnpike.rendering.route import route_config_map
from turnpike.rendering.service_account import service_account
from turnpike.rendering.service_monitor import metrics_service, service_monitor
from turnpike.topology.environment import Runtime

HEADER = "Derived by Turnpike from release.yaml; do not edit."


def render(deployment: Deployment) -> bytes:
    """Return the bytes of ``manifests.yaml``; raises InvalidDocument where parts do not fit."""
    return dump(objects_of(deployment), HEADER)


def objects_of(deployment: Deployment) -> tuple[KubernetesObject, ...]:
    """Return the Kubernetes objects in the order in which the file holds them.

    Raises InvalidDocument, with every reason, where the parts of the deployment do not fit.
    """
    problems = deployment_problems(deployment)
    if problems:
        raise InvalidDocument(problems)
    model = deployment.model
    if isinstance(model, GenerativeModel):
        return (route_config_map(deployment, model),)
    runtime = deployment.environment.runtime(model.serving.runtime)
    if runtime is None:
        raise Defect(f"{deployment.folder}: a missing runtime passed deployment_problems.")
    return _served(deployment, runtime)


def _served(deployment: Deployment, runtime: Runtime) -> tuple[KubernetesObject, ...]:
    always = (
        service_account(deployment),
        network_policy(deployment),
        inference_service(deployment, runtime),
        *release_grant(deployment, runtime),  # written first all the same: it is of an earlier wave
    )
    if not deployment.is_serving:
        return always
    watched = (
        metrics_service(deployment),
        service_monitor(deployment),
        prometheus_rule(deployment),
    )
    return (*always, *watched)
