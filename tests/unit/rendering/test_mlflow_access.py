"""What the registry is told: teams register in their own namespace, others look, few manage."""

from __future__ import annotations

import yaml

from turnpike.documents.reading import read
from turnpike.rendering.mlflow_access import mlflow_bytes
from turnpike.topology.organisation import ORGANISATION, Access, Organisation
from unit.rendering.conftest import ROOT

FILE = ROOT / "policies" / "data" / "organisation.yaml"
AURORA = read(ORGANISATION, FILE.read_bytes(), str(FILE))


def permissions(organisation: Organisation) -> set[tuple[str, str, str]]:
    value = yaml.safe_load(mlflow_bytes(organisation))
    return {(one["group"], one["models"], one["permission"]) for one in value["permissions"]}


def test_who_is_not_named_may_do_nothing() -> None:
    assert yaml.safe_load(mlflow_bytes(AURORA))["defaultPermission"] == "NO_PERMISSIONS"


def test_a_team_registers_in_its_own_namespace_and_sees_no_other() -> None:
    own = {(models, what) for group, models, what in permissions(AURORA) if group == "oncology"}
    assert own == {("oncology.*", "EDIT")}


def test_only_administrators_manage_and_whoever_looks_only_reads() -> None:
    found = permissions(AURORA)
    assert {who for who, _, what in found if what == "MANAGE"} == {"platform-owners"}
    assert ("risk-quorum", "*", "READ") in found


def test_the_strongest_of_two_grants_on_one_namespace_counts_whatever_their_order() -> None:
    entries = (
        Access(group="risk-quorum", role="administrator"),
        Access(group="risk-quorum", role="viewer"),
    )
    for access in (entries, entries[::-1]):
        found = permissions(AURORA.model_copy(update={"access": access}))
        assert {one for one in found if one[0] == "risk-quorum"} == {("risk-quorum", "*", "MANAGE")}
