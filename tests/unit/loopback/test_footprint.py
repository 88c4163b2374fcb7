"""What a demonstration leaves in a cluster is known by name, and so is what removes it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from turnpike.loopback.footprint import Footprint, Ref, footprint_of
from turnpike.loopback.leaving import commands

ADMISSION = Path(__file__).resolve().parents[3] / "platform" / "argocd" / "admission"
ROLES = "rbac.authorization.k8s.io/v1"


def defined(name: str) -> dict[str, object]:
    kind = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition"}
    return {**kind, "metadata": {"name": name}}


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A folder with what the set-up takes from other people's modules, in small."""
    argocd = [
        defined("applications.argoproj.io"),
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "argocd-cm"}},
        {"apiVersion": ROLES, "kind": "ClusterRole", "metadata": {"name": "argocd-server"}},
    ]
    (tmp_path / "argocd.yaml").write_text(yaml.safe_dump_all(argocd), "utf-8")
    kinds = [defined("inferenceservices.serving.kserve.io")]
    (tmp_path / "definitions.yaml").write_text(yaml.safe_dump_all(kinds), "utf-8")
    return tmp_path


def of(programs: Path, *environments: str, hosts_argocd: bool) -> Footprint:
    return footprint_of(programs, ADMISSION, "oncology", environments, hosts_argocd=hosts_argocd)


def test_all_admission_goes_first_each_binding_before_its_policy(programs: Path) -> None:
    brought = of(programs, "production", hosts_argocd=False).brought
    files = [yaml.safe_load_all(file.read_text("utf-8")) for file in ADMISSION.glob("*.yaml")]
    wanted = {(one["kind"], one["metadata"]["name"]) for file in files for one in file}
    first = [(ref.kind, ref.name) for ref in brought[: len(wanted)]]
    assert set(first) == wanted
    for kind, name in first:
        if kind == "ValidatingAdmissionPolicy":
            assert first.index((f"{kind}Binding", name)) < first.index((kind, name))


def test_argo_cd_comes_only_where_it_lives(programs: Path) -> None:
    with_it = of(programs, "dev", "staging", hosts_argocd=True)
    without = of(programs, "production", hosts_argocd=False)
    role = Ref(ROLES, "ClusterRole", "argocd-server")
    assert set(with_it.namespaces) == {
        "argocd", "kserve", "dev-oncology", "staging-oncology", "turnpike-demo",
    }  # fmt: skip
    assert set(without.namespaces) == {"kserve", "production-oncology", "turnpike-demo"}
    assert (role in with_it.brought, role in without.brought) == (True, False)
    assert [one["metadata"]["name"] for one in with_it.definitions] == [
        "inferenceservices.serving.kserve.io", "applications.argoproj.io",
    ]  # fmt: skip
    assert not [ref for ref in with_it.brought if ref.kind == "CustomResourceDefinition"]


def test_the_mark_by_which_a_demonstration_knows_its_own_goes_last(programs: Path) -> None:
    footprint = of(programs, "production", hosts_argocd=False)
    assert footprint.own[-1] == Ref("v1", "Namespace", "turnpike-demo")
    assert footprint.own[-1] not in footprint.brought


def test_commands_name_what_is_left_in_each_namespace() -> None:
    left = (
        Ref("v1", "Namespace", "kserve"),
        Ref("v1", "ServiceAccount", "argocd-manager", "kube-system"),
        Ref(ROLES, "ClusterRole", "argocd-manager"),
    )
    everywhere, system = commands("our work", left)
    words = "delete --ignore-not-found"
    assert everywhere == (
        f"kubectl --context 'our work' {words} namespace/kserve clusterrole/argocd-manager"
    )
    assert system == (
        f"kubectl --context 'our work' --namespace kube-system {words}"
        " serviceaccount/argocd-manager"
    )


def test_commands_take_argo_cds_finalizers_off_before_its_namespace_goes() -> None:
    first, second = commands("work", (Ref("v1", "Namespace", "argocd"),))
    assert "get applicationsets,applications,appprojects" in first
    assert '{"metadata":{"finalizers":null}}' in first
    assert second.endswith("namespace/argocd")
