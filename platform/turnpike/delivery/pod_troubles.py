"""Why a pod does not serve, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from turnpike.cluster.objects_seen import ContainerStatus, Pod
from turnpike.rendering.artifact import VERIFYING

_PULLING = frozenset(("ErrImagePull", "ImagePullBackOff", "InvalidImageName"))
_STARTING = frozenset(("ContainerCreating", "PodInitializing"))


@dataclass(frozen=True, slots=True)
class Trouble:
    """What was found in a pod, and the next step; ``passing`` where waiting may be enough."""

    code: str
    found: str
    solution: str
    passing: bool = False


def trouble_of(pod: Pod) -> Trouble | None:
    """Return the first thing that keeps a pod from serving; None for one that serves."""
    return next(_troubles(pod), None)


def _troubles(pod: Pod) -> Iterator[Trouble]:
    if pod.status.reason:  # Evicted, NodeLost
        found = f"{pod.status.reason}: {pod.status.message}"
        yield Trouble("pod-gone", found, "Look after the node; its controller makes another pod.")
    for condition in pod.status.conditions:
        if condition.type == "PodScheduled" and condition.status == "False":
            yield Trouble("pod-unschedulable", condition.message, _placing(condition.message))
    for container in (*pod.status.init_container_statuses, *pod.status.container_statuses):
        yield from _container(container)
    if not _is_ready(pod):
        yield Trouble("pod-starting", f"not ready yet ({pod.status.phase})", "Wait.", passing=True)


def _placing(message: str) -> str:
    if "persistentvolumeclaim" in message:
        return "Ask the platform team for the volume with the artifact store in this namespace."
    if "Insufficient" in message:
        return "Ask the platform team for more nodes, or make the deployment smaller."
    return "Compare settings.yaml and the target's node selector with the cluster's nodes."


def _container(container: ContainerStatus) -> Iterator[Trouble]:
    ended = container.state.terminated or container.last_state.terminated
    if container.name == VERIFYING and ended and ended.exit_code != 0:
        yield Trouble(
            "artifact-unverified",
            f"the verifying step ended with exit code {ended.exit_code}",
            "Follow runbooks/ModelArtifactVerificationFailed.md.",
        )
    waiting = container.state.waiting
    if waiting and waiting.reason in _PULLING:
        found = f"{container.name}: {container.image} can't be pulled: {waiting.message}"
        yield Trouble("image-unpullable", found, "See that the digest is in the target's registry.")
    elif waiting and waiting.reason and waiting.reason not in _STARTING:
        last = f", last with exit code {ended.exit_code} {ended.reason}" if ended else ""
        found = f"{container.name}: {waiting.reason} {waiting.message}".rstrip() + last
        yield Trouble("container-failing", found, "Read the container's log.")


def _is_ready(pod: Pod) -> bool:
    said = {condition.type: condition.status for condition in pod.status.conditions}
    return said.get("Ready") == "True" or pod.status.phase == "Succeeded"
