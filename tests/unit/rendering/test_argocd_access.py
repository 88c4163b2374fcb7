"""What Argo CD reads is what organisation.yaml says, and nothing that writes past Git."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
import yaml
from pydantic import ValidationError

from turnpike.documents.reading import read
from turnpike.rendering.argocd_access import ACCESS_FILE, access_bytes, policy_text
from turnpike.topology.organisation import ORGANISATION, Access, Organisation
from unit.rendering.conftest import ROOT

FILE = ROOT / "policies" / "data" / "organisation.yaml"
AURORA = read(ORGANISATION, FILE.read_bytes(), str(FILE))
ONCOLOGY, OTHER = "production.aws-eu.oncology.triage", "production.aws-eu.cardiology.oncology"


def with_access(*entries: Access) -> Organisation:
    return AURORA.model_copy(update={"access": entries})


def lines(organisation: Organisation, kind: str) -> list[list[str]]:
    split = [line.split(", ") for line in policy_text(organisation).splitlines()]
    return [words[1:] for words in split if words[0] == kind]


def may(organisation: Organisation, group: str, resource: str, verb: str, item: str) -> bool:
    """Answer as Casbin does by Argo CD's model: some rule of some role of the group matches."""
    roles = {role for member, role in lines(organisation, "g") if member == group}
    return any(
        role in roles
        and (kind, effect) == (resource, "allow")
        and allowed in {verb, "*"}
        and fnmatchcase(item, pattern)
        for role, kind, allowed, pattern, effect in lines(organisation, "p")
    )


def test_the_committed_form_is_what_is_derived_now() -> None:
    assert (ROOT / ACCESS_FILE).read_bytes() == access_bytes(AURORA)


def test_the_form_is_argo_cds_own_and_allows_nothing_by_default() -> None:
    value = yaml.safe_load(access_bytes(AURORA))
    assert value["metadata"]["name"] == "argocd-rbac-cm"
    assert value["data"]["policy.default"] == ""
    assert value["data"]["policy.csv"] == policy_text(AURORA)


def test_a_team_sees_its_own_deployments_and_no_others() -> None:
    assert may(AURORA, "oncology", "applications", "get", f"turnpike-production/{ONCOLOGY}")
    assert not may(AURORA, "oncology", "applications", "get", f"turnpike-production/{OTHER}")
    assert not may(AURORA, "oncology", "applications", "sync", f"turnpike-production/{ONCOLOGY}")


def test_an_operator_of_one_environment_has_git_carried_out_there_only() -> None:
    managers = "release-managers"
    assert may(AURORA, managers, "applications", "sync", f"turnpike-production/{ONCOLOGY}")
    dev = ONCOLOGY.replace("production", "dev")
    assert not may(AURORA, managers, "applications", "sync", f"turnpike-dev/{dev}")


def test_only_administrators_look_after_clusters() -> None:
    groups = {group.name for group in AURORA.groups}
    able = {g for g in groups if may(AURORA, g, "clusters", "update", "https://cluster")}
    assert able == {"platform-owners"}


@pytest.mark.parametrize("verb", ["create", "update", "override", "delete", "action/restart"])
def test_nobody_writes_past_git(verb: str) -> None:
    for group in AURORA.groups:
        item = f"turnpike-production/{ONCOLOGY}"
        assert not may(AURORA, group.name, "applications", verb, item)


def test_equal_entries_of_two_groups_are_one_role() -> None:
    both = with_access(
        Access(group="risk-quorum", role="viewer"), Access(group="on-call", role="viewer")
    )
    roles = {role for _, role in lines(both, "g")}
    assert roles == {"role:viewer.everywhere.all"}
    assert len(lines(both, "p")) == 3


def test_an_administrator_of_one_team_is_refused() -> None:
    with pytest.raises(ValidationError, match="an administrator of everything"):
        Access(group="oncology", role="administrator", teams=("oncology",))


def test_who_only_calls_models_sees_nothing_here() -> None:
    assert policy_text(with_access(Access(group="oncology", role="caller"))) == ""
