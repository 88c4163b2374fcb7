"""What the registry is told: teams register in their own namespace, others look, few manage."""

from __future__ import annotations

import yaml

from turnpike.documents.reading import read
from turnpike.rendering.mlflow_access import mlflow_bytes, strangers_in
from turnpike.topology.organisation import ORGANISATION, Access, Organisation, SignOn
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


def test_groups_are_called_as_the_provider_calls_them() -> None:
    told = SignOn.model_validate(
        {"issuer": "https://git.example.org", "host": "gitea", "groupPrefix": "aurora:",
         "clients": {"pages": {"id": "p"}}}
    )  # fmt: skip
    found = permissions(AURORA.model_copy(update={"sign_on": told}))
    assert ("aurora:oncology", "oncology.*", "EDIT") in found
    assert all(group.startswith("aurora:") for group, _, _ in found)


def signed_on(claim: str) -> Organisation:
    told = SignOn.model_validate(
        {"issuer": "https://git.example.org", "host": "embedded", "groupPrefix": "aurora:",
         "claim": claim, "clients": {"pages": {"id": "p"}}}
    )  # fmt: skip
    return AURORA.model_copy(update={"sign_on": told})


def test_who_is_in_a_group_at_the_server_alone_is_a_stranger_in_it() -> None:
    bot = AURORA.bots[0].id
    members = {
        "aurora:oncology": ("maria-lopez", "lena-fischer", bot, "nobody"),
        "aurora:risk-quorum": ("nora-smith",),
        "aurora": ("mallory",),  # a group that nothing is given to
        "oncology": ("mallory",),
    }
    found = strangers_in(signed_on("preferred_username"), members)
    assert found == {"lena-fischer", "nobody"}


def test_nobody_is_a_stranger_where_accounts_have_other_names_at_the_server() -> None:
    for organisation in (AURORA, signed_on("sub")):
        assert strangers_in(organisation, {"aurora:oncology": ("x",)}) == frozenset()


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


def test_who_only_calls_models_does_not_read_them_here() -> None:
    caller = Access(group="risk-quorum", role="caller")
    found = permissions(AURORA.model_copy(update={"access": (caller,)}))
    assert "risk-quorum" not in {group for group, _, _ in found}
