"""What an InferenceService and its pods say of a release: is it that, by digest, that serves?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from turnpike.cluster.interface import Watched
from turnpike.cluster.objects_seen import InferenceService, Pod


@dataclass(frozen=True, slots=True)
class Serving:
    """What stands of a model; ``service`` is None where there is none of its name."""

    service: InferenceService | None
    pods: tuple[Pod, ...]

    def of(self, watched: Watched) -> tuple[Pod, ...]:
        """Return the pods that take requests and had to verify the released artifact to start."""
        released = watched.release.artifact
        return tuple(pod for pod in self.pods if pod.ready and pod.verified == released)


def fault_of(watched: Watched, serving: Serving) -> str:
    """Tell what is wrong with what serves; empty where nothing but the released artifact does.

    Beside a share what serves the rest may stand, and nothing else.
    """
    service = serving.service
    if service is None:
        return f"the cluster has no InferenceService {watched.release.model}"
    released = {watched.release.artifact, watched.beside} - {""}
    for said in (service.artifact, service.spec.predictor.verified):
        if said not in released:
            return _other(f"InferenceService {service.metadata.name} names", said, watched)
    if service.unready:
        return f"InferenceService {service.metadata.name} is not ready: {service.unready}"
    return _fault_of_pods(watched, serving, released)


def _fault_of_pods(watched: Watched, serving: Serving, released: set[str]) -> str:
    for pod in serving.pods:
        name = pod.metadata.name
        if not pod.is_owned:
            return f"pod {name} was made by hand"
        if _may_answer(pod) and pod.verified not in released:
            return _other(f"pod {name} serves", pod.verified, watched)
    return "" if serving.of(watched) else f"no pod that serves {watched.release.artifact} is ready"


def _may_answer(pod: Pod) -> bool:
    """Tell whether a pod takes requests, or still has some that it took."""
    return pod.ready is not None or pod.metadata.deletion_timestamp is not None


def _other(who: str, said: str, watched: Watched) -> str:
    return f"{who} {said or 'no digest'}, released is {watched.release.artifact}"


def stands_of(service: object, pods: Sequence[object]) -> Serving:
    """Return what was read; raises pydantic's ValidationError where it is no such object."""
    found = None if service is None else InferenceService.model_validate(service)
    return Serving(found, tuple(Pod.model_validate(pod) for pod in pods))
