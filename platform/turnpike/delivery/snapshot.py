"""What Argo CD and one cluster say of a model at one moment, and how it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from turnpike.cluster.objects_seen import Application, Plain, Pod, Workload
from turnpike.delivery.wanted import Wanted
from turnpike.errors import Unavailable

T = TypeVar("T")
Kind = Literal[
    "AppProject", "Application", "ConfigMap", "Deployment", "InferenceService", "Pod",
]  # fmt: skip

_APPLICATION: TypeAdapter[Application] = TypeAdapter(Application)
_PLAIN: TypeAdapter[Plain] = TypeAdapter(Plain)
_POD: TypeAdapter[Pod] = TypeAdapter(Pod)
_WORKLOAD: TypeAdapter[Workload] = TypeAdapter(Workload)


class Reader(Protocol):
    """A cluster that can be read; see ``cluster/kubernetes_reader.py``."""

    def find(self, kind: Kind, namespace: str, name: str) -> JsonValue:
        """Return an object; None where there is none of that name."""
        ...

    def all_of(self, kind: Kind, namespace: str, labels: Mapping[str, str]) -> list[JsonValue]:
        """Return a namespace's objects of a kind that have all the labels."""
        ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What stands: the Application, what carries artifacts in the namespace, and the model's pods.

    ``carriers`` are all objects of the team's namespace that serve or route a model, whoever put
    them there, and ``beside`` all its pods that do not say they are of this model.
    """

    application: Application | None
    carriers: tuple[Plain, ...]
    workloads: tuple[Workload, ...]
    pods: tuple[Pod, ...]
    beside: tuple[Pod, ...]


def application_in(reader: Reader, namespace: str, wanted: Wanted) -> Application | None:
    """Return the Application of a deployment, from where Argo CD keeps its objects."""
    found = reader.find("Application", namespace, wanted.application)
    return None if found is None else parsed(_APPLICATION, found)


def snapshot_in(reader: Reader, wanted: Wanted, application: Application | None) -> Snapshot:
    """Read the rest from the deployment's own cluster."""
    labels = {"turnpike.dev/team": wanted.key.team, "turnpike.dev/model": wanted.key.model}
    routes = reader.all_of(
        "ConfigMap", wanted.namespace, {"turnpike.dev/component": "gateway-route"}
    )
    services = reader.all_of("InferenceService", wanted.namespace, {})
    # By its labels anybody's pod would be out of sight that has none.
    pods = _all(_POD, reader.all_of("Pod", wanted.namespace, {}))
    return Snapshot(
        application=application,
        carriers=_all(_PLAIN, [*services, *routes]),
        workloads=_all(_WORKLOAD, reader.all_of("Deployment", wanted.namespace, labels)),
        pods=tuple(pod for pod in pods if _has(pod, labels)),
        beside=tuple(pod for pod in pods if not _has(pod, labels)),
    )


def _has(one: Plain, labels: Mapping[str, str]) -> bool:
    return labels.items() <= one.metadata.labels.items()


def _all(adapter: TypeAdapter[T], values: Iterable[JsonValue]) -> tuple[T, ...]:
    return tuple(parsed(adapter, value) for value in values)


def parsed(adapter: TypeAdapter[T], value: JsonValue) -> T:
    """Return an object as far as it is read; raises Unavailable where it can't be."""
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise Unavailable(
            f"expected an object as Kubernetes and Argo CD write it, got: {error}",
            code="cluster.unreadable",
        ) from error
