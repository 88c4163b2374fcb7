"""A real API server's admission compared with this tree's, whoever changes it and however.

What a server fills in by itself is no difference; what somebody adds is one, and stays one: Argo CD
would leave it alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from cluster.test_admission import ADMISSION
from servers.gitea_world import set_up
from turnpike.cluster.kubernetes_reader import KubernetesReader
from turnpike.delivery.admission_gaps import admission_gaps, admission_in
from turnpike.loopback.control_plane import start_api_server
from turnpike.loopback.fleet import writer_objects
from turnpike.loopback.objects import Objects, documents_in
from turnpike.loopback.processes import Processes

_API = "admissionregistration.k8s.io/v1"
POLICIES = tuple(one for file in sorted(ADMISSION.glob("*.yaml")) for one in documents_in(file))


@dataclass(frozen=True, slots=True)
class Admitting:
    """A cluster that has this tree's admission."""

    objects: Objects
    reader: KubernetesReader

    def told(self, *known: str) -> list[tuple[str, str]]:
        """Return by what its admission is another one: code and subject."""
        found = admission_in(self.reader, "dev")
        gaps = admission_gaps(POLICIES, found, frozenset(known))
        return [(gap.code, gap.subject) for gap in gaps]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Admitting]:
    folder, programs = tmp_path_factory.mktemp("compared"), set_up("cluster")
    with Processes(folder / "logs") as processes:
        plane = start_api_server("compared", programs, folder / "plane", processes)
        objects = Objects(plane)
        objects.apply_all((*writer_objects(), *POLICIES))
        settings: dict[str, Any] = yaml.safe_load(plane.kubeconfig.read_text("utf-8"))
        reader = KubernetesReader(str(plane.kubeconfig), settings["contexts"][0]["name"])
        yield Admitting(objects, reader)


def test_what_a_server_fills_in_by_itself_is_no_difference(cluster: Admitting) -> None:
    assert cluster.told() == []


CHANGES: tuple[tuple[str, Mapping[str, Any], Mapping[str, Any]], ...] = (
    (
        "ValidatingAdmissionPolicy",
        {"matchConditions": [{"name": "never", "expression": "false"}]},
        {"matchConditions": None},
    ),
    ("ValidatingAdmissionPolicy", {"failurePolicy": "Ignore"}, {"failurePolicy": "Fail"}),
    (
        "ValidatingAdmissionPolicyBinding",
        {"matchResources": {"objectSelector": {"matchLabels": {"judged": "yes"}}}},
        {"matchResources": {"objectSelector": None}},
    ),
    (
        "ValidatingAdmissionPolicyBinding",
        {"validationActions": ["Audit"]},
        {"validationActions": ["Deny"]},
    ),
)


@pytest.mark.parametrize(("kind", "change", "back"), CHANGES)
def test_what_switches_a_policy_off_is_told(
    cluster: Admitting, kind: str, change: Mapping[str, Any], back: Mapping[str, Any]
) -> None:
    one = {"apiVersion": _API, "kind": kind, "metadata": {"name": "turnpike-accounts"}}
    cluster.objects.patch(one, {"spec": change})
    assert set(cluster.told()) == {("admission-changed", f"{kind}/turnpike-accounts")}
    cluster.objects.patch(one, {"spec": back})
    assert cluster.told() == []


def test_a_policy_or_binding_that_is_gone_is_missed(cluster: Admitting) -> None:
    for one in POLICIES:
        if one["metadata"]["name"] == "turnpike-pods":
            cluster.objects.delete(one)
            missed = ("admission-missing", f"{one['kind']}/turnpike-pods")
            assert cluster.told() == [missed]
            cluster.objects.apply(one)


def test_what_changes_pods_of_models_is_told_until_it_is_known(cluster: Admitting) -> None:
    webhook = {
        "name": "inject.example.org",
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "failurePolicy": "Ignore",
        "clientConfig": {"url": "https://inject.invalid/"},
        "rules": [
            {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"],
             "resources": ["pods"]},
        ],
    }  # fmt: skip
    webhooks = {
        "apiVersion": _API,
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": "sidecars"},
        "webhooks": [webhook],
    }
    binding = {
        "apiVersion": _API,
        "kind": "MutatingAdmissionPolicyBinding",
        "metadata": {"name": "defaults"},
        "spec": {"policyName": "defaults"},
    }
    cluster.objects.apply_all((webhooks, binding))
    assert cluster.told() == [
        ("admission-mutating", "MutatingWebhookConfiguration/sidecars"),
        ("admission-mutating", "MutatingAdmissionPolicyBinding/defaults"),
    ]
    assert cluster.told("sidecars", "defaults") == []
    for one in (webhooks, binding):
        cluster.objects.delete(one)
