"""A model is found with its owner, its contract, and each place where which bytes of it serve."""

from __future__ import annotations

from dataclasses import replace

from turnpike.reporting.catalogue import contract_of, entries_of, page_of, served_of
from unit.judge.deployed import RELEASE
from unit.judge.examples import model
from unit.reporting.test_cost import deployment


def test_an_entry_names_group_people_and_contract() -> None:
    one = model()
    (entry,) = entries_of([one], {"oncology": "oncologists"})
    assert entry.model == "oncology/triage"
    assert entry.owner.startswith("oncologists: ")
    assert all(contact.person in entry.owner for contact in one.contacts)
    assert (entry.tier, entry.lifecycle) == ("high", "active")


def test_a_contract_tells_columns_in_and_out_with_their_types() -> None:
    one = model()
    told = contract_of(one)
    first, last = one.signature.inputs[0], one.signature.outputs[-1]
    assert told.startswith(f"{first.name}: {first.type}")
    assert told.endswith(f"{last.name}: {last.type}")


def test_a_deployment_is_told_by_digest_and_address() -> None:
    (served,) = served_of([deployment()])
    assert served.artifact == RELEASE.artifact
    assert served.address.startswith("triage-predictor.dev-oncology, ")


def test_what_takes_no_traffic_has_no_address() -> None:
    idle = replace(deployment(), release=RELEASE.model_copy(update={"traffic": 0, "rest": None}))
    (served,) = served_of([idle])
    assert (served.traffic, served.address) == (0, "takes no traffic")


def test_entries_come_by_name() -> None:
    found = entries_of([model(name="zeta"), model(name="alpha")], {})
    assert [entry.model for entry in found] == ["oncology/alpha", "oncology/zeta"]


def test_a_page_escapes_what_people_wrote() -> None:
    evil = model().model_copy(update={"description": "<script>alert(1)</script>"})
    page = page_of(entries_of([evil], {}), served_of([deployment()]), "c" * 40)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert RELEASE.artifact in page
