"""A cluster's admission is main's to the last field, and nothing goes round it unnamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic import JsonValue

from turnpike.delivery.admission_gaps import (
    FOLDER,
    Kind,
    admission_gaps,
    admission_in,
    admission_on,
)
from turnpike.delivery.gap import Gap
from turnpike.errors import InputError, Unavailable
from turnpike.git.repository import Repository
from unit.delivery.test_wanted import committed
from unit.rendering.conftest import ROOT

FILES = {f"{FOLDER}/{file.name}": file.read_bytes() for file in (ROOT / FOLDER).iterdir()}
LABELS = {"turnpike.dev/environment": "dev", "kubernetes.io/metadata.name": "dev-oncology"}
RULES = [{"apiGroups": [""], "resources": ["pods"]}]


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Mapping[str, Any], ...]]:
    with Repository.create(tmp_path_factory.mktemp("main") / "host.git") as made:
        yield admission_on(made, committed(made, FILES))


@dataclass
class Cluster:
    """What a server has without a namespace, by kind."""

    objects: list[dict[str, Any]] = field(default_factory=list)

    def all_of(self, kind: Kind, namespace: str, labels: Mapping[str, str]) -> list[JsonValue]:
        assert not namespace
        of_kind = [one for one in self.objects if one["kind"] == kind]
        return [
            one for one in of_kind if labels.items() <= one["metadata"].get("labels", {}).items()
        ]


def standing(wanted: tuple[Mapping[str, Any], ...]) -> list[dict[str, Any]]:
    """Return main's objects as a server has them, which fills in what is left open."""
    grown = [deepcopy(dict(one)) for one in wanted]
    for one in grown:
        one["metadata"]["uid"] = "1"
        for place in ("matchConstraints", "matchResources"):
            if (match := one["spec"].get(place)) is not None:
                match |= {"matchPolicy": "Equivalent", "objectSelector": {}}
                match.setdefault("namespaceSelector", {})
                for rule in match.get("resourceRules", ()):
                    rule["scope"] = "*"
    return grown


def gaps(
    wanted: tuple[Mapping[str, Any], ...], objects: list[dict[str, Any]], *known: str
) -> tuple[Gap, ...]:
    return admission_gaps(wanted, admission_in(Cluster(objects), "dev"), frozenset(known))


def test_what_main_has_and_what_the_server_fills_in_is_no_gap(
    wanted: tuple[Mapping[str, Any], ...],
) -> None:
    assert len(wanted) > 10
    assert gaps(wanted, standing(wanted)) == ()


def test_each_object_that_is_not_there_is_missed(wanted: tuple[Mapping[str, Any], ...]) -> None:
    told = gaps(wanted, [])
    assert [gap.code for gap in told] == ["admission-missing"] * len(wanted)
    assert {gap.subject for gap in told} == {
        f"{one['kind']}/{one['metadata']['name']}" for one in wanted
    }


SWITCHED_OFF: dict[str, dict[str, Any]] = {
    "spec.matchConditions": {"matchConditions": [{"name": "never", "expression": "false"}]},
    "spec.validationActions": {"validationActions": ["Warn"]},
    "spec.failurePolicy": {"failurePolicy": "Ignore"},
    "spec.matchResources.objectSelector": {
        "matchResources": {"objectSelector": {"matchLabels": {"judged": "yes"}}}
    },
    "spec.matchResources.excludeResourceRules": {
        "matchResources": {"excludeResourceRules": [{"apiGroups": ["*"], "resources": ["*"]}]}
    },
}


@pytest.mark.parametrize("path", SWITCHED_OFF)
def test_whatever_switches_a_policy_off_is_told_be_it_a_field_that_git_does_not_name(
    wanted: tuple[Mapping[str, Any], ...], path: str
) -> None:
    """Argo CD puts back fields that Git names, and leaves the others alone."""
    objects = standing(wanted)
    name = "turnpike-accounts"
    kind = "Policy" if "Conditions" in path or "failure" in path else "PolicyBinding"
    subject = f"ValidatingAdmission{kind}/{name}"
    (one,) = (o for o in objects if f"{o['kind']}/{o['metadata']['name']}" == subject)
    for place, value in SWITCHED_OFF[path].items():
        is_part = isinstance(value, dict)
        one["spec"][place] = {**one["spec"][place], **value} if is_part else value
    told = gaps(wanted, objects)
    assert {(gap.code, gap.subject) for gap in told} == {("admission-changed", subject)}
    assert any(path in gap.expected for gap in told)


def webhooks(name: str, **webhook: Any) -> dict[str, Any]:
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": name},
        "webhooks": [{"name": "inject", "rules": RULES, **webhook}],
    }


def namespace(**labels: str) -> dict[str, Any]:
    metadata = {"name": "dev-oncology", "labels": {**LABELS, **labels}}
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": metadata}


def test_a_webhook_that_changes_pods_of_models_is_told_until_it_is_known(
    wanted: tuple[Mapping[str, Any], ...],
) -> None:
    objects = [*standing(wanted), webhooks("sidecars")]
    (gap,) = gaps(wanted, objects)
    assert (gap.code, gap.subject, gap.found) == (
        "admission-mutating", "MutatingWebhookConfiguration/sidecars", "the webhook inject",
    )  # fmt: skip
    assert "--known sidecars" in gap.solution
    assert gaps(wanted, objects, "sidecars") == ()


def test_a_webhook_of_other_kinds_other_namespaces_or_kserves_own_is_none(
    wanted: tuple[Mapping[str, Any], ...],
) -> None:
    elsewhere = {"matchLabels": {"injected": "yes"}}
    objects = [
        *standing(wanted),
        namespace(),
        webhooks("certificates", rules=[{"apiGroups": ["cert-manager.io"], "resources": ["*"]}]),
        webhooks("sidecars", namespaceSelector=elsewhere),
        webhooks("kserve", clientConfig={"service": {"name": "s", "namespace": "kserve"}}),
    ]
    assert gaps(wanted, objects) == ()
    labelled = [*objects, namespace(injected="yes")]
    assert [gap.subject for gap in gaps(wanted, labelled)] == [
        "MutatingWebhookConfiguration/sidecars"
    ]


def test_a_policy_that_changes_objects_is_told_alike(
    wanted: tuple[Mapping[str, Any], ...],
) -> None:
    binding = {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingAdmissionPolicyBinding",
        "metadata": {"name": "defaults"},
        "spec": {"policyName": "defaults"},
    }
    objects = [*standing(wanted), binding]
    assert [gap.code for gap in gaps(wanted, objects)] == ["admission-mutating"]
    assert gaps(wanted, objects, "defaults") == ()


def test_a_main_without_policies_is_no_main_to_compare_with(tmp_path: Path) -> None:
    with Repository.create(tmp_path / "host.git") as made:
        main = committed(made, {"README.md": b"nothing"})
        with pytest.raises(InputError, match=FOLDER):
            admission_on(made, main)


def test_an_object_that_cannot_be_read_is_no_empty_place(
    wanted: tuple[Mapping[str, Any], ...],
) -> None:
    with pytest.raises(Unavailable):
        gaps(wanted, [webhooks("odd", rules="all")])
