"""What clusters are told lets groups look into their teams' namespaces, and nobody past Git."""

from __future__ import annotations

from typing import Any

import kubernetes_validate
import pytest
import yaml

from turnpike.documents.reading import read
from turnpike.rendering.kubernetes_access import kubernetes_bytes
from turnpike.topology.organisation import ORGANISATION, Access, Organisation, SignOn
from unit.rendering.conftest import ROOT

FILE = ROOT / "policies" / "data" / "organisation.yaml"
AURORA = read(ORGANISATION, FILE.read_bytes(), str(FILE))
READING = {"get", "list", "watch"}


def objects(organisation: Organisation, environment: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(kubernetes_bytes(organisation, environment)))


def rules(role: str) -> list[dict[str, Any]]:
    found = [one for one in objects(AURORA, "dev") if one["metadata"]["name"] == f"turnpike-{role}"]
    (one,) = [one for one in found if one["kind"] == "ClusterRole"]
    return list(one["rules"])


def bound(organisation: Organisation, environment: str) -> set[tuple[str, str, str]]:
    """Return namespace, role and group of every binding; no namespace stands for the cluster."""
    return {
        (one["metadata"].get("namespace", ""), one["roleRef"]["name"], subject["name"])
        for one in objects(organisation, environment)
        if one["kind"].endswith("Binding")
        for subject in one["subjects"]
    }


def test_clusters_accept_the_objects() -> None:
    found = objects(AURORA, "production")
    assert {one["kind"] for one in found} == {"ClusterRole", "ClusterRoleBinding", "RoleBinding"}
    for one in found:
        kubernetes_validate.validate(one, "1.37", strict=True)


def test_a_cluster_would_refuse_a_misspelt_field() -> None:
    one = objects(AURORA, "production")[0]
    one["rule"] = one.pop("rules")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(one, "1.37", strict=True)


def test_a_team_looks_into_its_own_namespace_and_no_other() -> None:
    own = {(where, role) for where, role, who in bound(AURORA, "dev") if who == "oidc:oncology"}
    assert own == {("dev-oncology", "turnpike-viewer")}


def test_an_operator_of_one_environment_is_bound_in_no_other() -> None:
    managers = "oidc:release-managers"
    assert ("production-oncology", "turnpike-operator", managers) in bound(AURORA, "production")
    assert managers not in {who for _, _, who in bound(AURORA, "dev")}


def test_only_administrators_have_anything_in_the_whole_cluster() -> None:
    assert {one for one in bound(AURORA, "dev") if not one[0]} == {
        ("", "turnpike-administrator", "oidc:platform-owners")
    }


@pytest.mark.parametrize("role", ["viewer", "operator", "administrator"])
def test_no_role_reads_secrets_enters_containers_or_writes_past_git(role: str) -> None:
    for rule in rules(role):
        assert not {"*", "secrets", "pods/exec", "pods/attach"} & set(rule["resources"])
        assert set(rule["verbs"]) <= READING or rule == {
            "apiGroups": [""], "resources": ["pods"], "verbs": ["delete"]
        }  # fmt: skip


def test_only_an_operator_has_a_pod_made_anew() -> None:
    able = {role for role in ("viewer", "operator", "administrator")
            if any("delete" in rule["verbs"] for rule in rules(role))}  # fmt: skip
    assert able == {"operator"}


def test_a_group_is_bound_as_the_provider_calls_it() -> None:
    told = SignOn.model_validate(
        {"issuer": "https://git.example.org", "host": "gitea", "groupPrefix": "aurora:",
         "clients": {"pages": {"id": "p"}}}
    )  # fmt: skip
    changed = AURORA.model_copy(
        update={"sign_on": told, "access": (Access(group="on-call", role="viewer"),)}
    )
    assert {who for _, _, who in bound(changed, "dev")} == {"oidc:aurora:on-call"}


def test_without_access_nobody_is_bound() -> None:
    assert bound(AURORA.model_copy(update={"access": ()}), "dev") == set()


def test_who_lost_everything_is_taken_out_of_the_same_bindings() -> None:
    """Applying leaves alone what a file no longer names; an empty binding must be named."""

    def bindings(organisation: Organisation) -> set[tuple[str, str]]:
        return {
            (one["metadata"].get("namespace", ""), one["metadata"]["name"])
            for one in objects(organisation, "dev")
            if one["kind"].endswith("Binding")
        }

    assert bindings(AURORA.model_copy(update={"access": ()})) == bindings(AURORA)
