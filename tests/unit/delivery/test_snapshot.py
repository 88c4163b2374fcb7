"""What stands is read whole or not at all: an object that cannot be read is no empty place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from pydantic import JsonValue

from turnpike.delivery.snapshot import Kind, application_in, snapshot_in
from turnpike.errors import Unavailable
from unit.delivery.looks import NAME, application, wanted

ROUTE = {"turnpike.dev/component": "gateway-route"}
MODEL = {"turnpike.dev/team": "oncology", "turnpike.dev/model": "tumour"}


@dataclass
class Cluster:
    """Objects as a server has them, found by kind, namespace and labels."""

    objects: list[dict[str, JsonValue]] = field(default_factory=list)

    def find(self, kind: Kind, namespace: str, name: str) -> JsonValue:
        return next((o for o in self.all_of(kind, namespace, {}) if _of(o, "name") == name), None)

    def all_of(self, kind: Kind, namespace: str, labels: Mapping[str, str]) -> list[JsonValue]:
        return [
            one
            for one in self.objects
            if (one.get("kind"), _of(one, "namespace")) == (kind, namespace)
            and labels.items() <= _labels(one).items()
        ]


def _of(one: JsonValue, name: str) -> JsonValue:
    assert isinstance(one, dict)
    metadata = one["metadata"]
    assert isinstance(metadata, dict)
    return metadata.get(name)


def _labels(one: JsonValue) -> dict[str, JsonValue]:
    found = _of(one, "labels")
    return found if isinstance(found, dict) else {}


def thing(
    kind: str, name: str, labels: Mapping[str, str], namespace: str = "dev-oncology",
    **more: JsonValue,
) -> dict[str, JsonValue]:  # fmt: skip
    metadata: JsonValue = {"name": name, "namespace": namespace, "labels": {**labels}}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, **more}


def test_all_that_carries_in_the_teams_namespace_is_seen_whoever_put_it_there() -> None:
    cluster = Cluster(
        [
            thing("InferenceService", "tumour", MODEL),
            thing("InferenceService", "by-hand", {}),
            thing("ConfigMap", "summary-route", ROUTE),
            thing("ConfigMap", "kube-root-ca.crt", {}),
            thing("InferenceService", "tumour", MODEL, namespace="staging-oncology"),
        ]
    )
    found = snapshot_in(cluster, wanted(), None)
    names = [(one.kind, one.metadata.name) for one in found.carriers]
    assert names == [
        ("InferenceService", "tumour"), ("InferenceService", "by-hand"),
        ("ConfigMap", "summary-route"),
    ]  # fmt: skip


def test_the_models_own_pods_and_workloads_are_seen_and_all_other_pods_beside_them() -> None:
    other = {**MODEL, "turnpike.dev/model": "lesion"}
    cluster = Cluster(
        [
            thing(kind, f"{name}-{kind}", labels)
            for kind in ("Pod", "Deployment")
            for name, labels in (("tumour", MODEL), ("lesion", other), ("none", {}))
        ]
    )
    found = snapshot_in(cluster, wanted(), None)
    assert [one.metadata.name for one in found.pods] == ["tumour-Pod"]
    assert [one.metadata.name for one in found.workloads] == ["tumour-Deployment"]
    assert [one.metadata.name for one in found.beside] == ["lesion-Pod", "none-Pod"]


def test_an_empty_namespace_is_a_snapshot_of_nothing() -> None:
    found = snapshot_in(Cluster(), wanted(), None)
    assert (found.application, found.carriers) == (None, ())
    assert (found.workloads, found.pods, found.beside) == ((), (), ())


def test_the_application_is_looked_for_where_argo_cd_keeps_its_own() -> None:
    """A team could put an Application of that name, with any status, into its own namespace."""
    said: JsonValue = {"health": {"status": "Healthy"}}
    forged = thing("Application", NAME, {}, status=said)
    assert application_in(Cluster([forged]), "argocd", wanted()) is None
    real = thing("Application", NAME, {}, namespace="argocd", status=said)
    found = application_in(Cluster([forged, real]), "argocd", wanted())
    assert found is not None
    assert found.metadata.namespace == "argocd"


def test_what_was_said_of_the_application_is_kept_with_the_rest() -> None:
    seen = application()
    assert snapshot_in(Cluster(), wanted(), seen).application is seen


@pytest.mark.parametrize(
    "broken",
    [
        thing("Pod", "tumour", MODEL, spec="a spec"),
        thing("Pod", "by-hand", {}, spec="a spec"),
        thing("Pod", "tumour", MODEL, spec={"initContainers": {"name": "verify-artifact"}}),
        thing("Pod", "tumour", MODEL, spec={"initContainers": [None]}),
        thing("Deployment", "tumour", MODEL, status={"conditions": [{"status": "True"}]}),
        thing("InferenceService", "tumour", MODEL) | {"apiVersion": None},
        thing("InferenceService", "tumour", MODEL)
        | {"metadata": {"name": "tumour", "namespace": "dev-oncology", "annotations": "none"}},
    ],
    ids=str,
)
def test_an_object_that_cannot_be_read_is_no_empty_place(broken: dict[str, JsonValue]) -> None:
    with pytest.raises(Unavailable) as refusal:
        snapshot_in(Cluster([broken]), wanted(), None)
    assert refusal.value.code == "cluster.unreadable"


def test_an_application_that_cannot_be_read_is_not_a_missing_one() -> None:
    broken = thing("Application", NAME, {}, namespace="argocd", status={"sync": "Synced"})
    with pytest.raises(Unavailable) as refusal:
        application_in(Cluster([broken]), "argocd", wanted())
    assert refusal.value.code == "cluster.unreadable"
