"""Keys are added to the file of a company, and nothing else in it changes."""

from __future__ import annotations

import difflib

import pytest

from turnpike.documents.reading import read
from turnpike.errors import InputError, InvalidDocument
from turnpike.instance.organisation_file import with_ssh_keys
from turnpike.topology.organisation import ORGANISATION
from unit.instance.aurora import ROOT
from unit.instance.small_organisation import ORGANISATION_TEXT

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
FILE = ORGANISATION_TEXT.encode()


def added_lines(before: bytes, after: bytes) -> list[str]:
    lines = list(difflib.ndiff(before.decode().splitlines(), after.decode().splitlines()))
    assert not [line for line in lines if line.startswith("- ")]
    return [line[2:] for line in lines if line.startswith("+ ")]


def test_a_key_goes_below_the_address_of_its_person() -> None:
    written = with_ssh_keys(FILE, {"ann": f"{KEY} ann"})
    assert added_lines(FILE, written) == ["    sshKeys:", f"      - {KEY} ann"]
    organisation = read(ORGANISATION, written, "organisation.yaml")
    assert organisation.holder_of_key(KEY) == "ann"


def test_people_and_bots_get_keys_and_comments_stay() -> None:
    keys = {"ann": f"{KEY} ann", "ben": f"{KEY}A ben", "bot": f"{KEY}B bot"}
    written = with_ssh_keys(FILE, keys)
    assert len(added_lines(FILE, written)) == 6
    organisation = read(ORGANISATION, written, "organisation.yaml")
    assert organisation.bots[0].ssh_keys == (keys["bot"],)
    assert b"# the first of them" in written


def test_bots_may_stand_before_people() -> None:
    people, bots = FILE.index(b"people:"), FILE.index(b"bots:")
    groups = FILE.index(b"groups:")
    turned = FILE[:people] + FILE[bots:groups] + FILE[people:bots] + FILE[groups:]
    organisation = read(ORGANISATION, with_ssh_keys(turned, {"ann": KEY, "bot": KEY + "B"}), "x")
    assert organisation.people[0].ssh_keys == (KEY,)
    assert organisation.bots[0].ssh_keys == (KEY + "B",)


def test_who_has_a_key_keeps_it_and_strangers_get_none() -> None:
    once = with_ssh_keys(FILE, {"ann": f"{KEY} ann"})
    assert with_ssh_keys(once, {"ann": f"{KEY}X other", "stranger": KEY}) == once
    assert with_ssh_keys(FILE, {}) == FILE


def test_a_file_in_flow_style_is_refused_and_not_broken() -> None:
    flow = FILE.replace(
        b"  - id: ben\n    name: Ben\n    email: ben@example.com\n    accounts:\n"
        b"      embedded: ben\n",
        b"  - {id: ben, name: Ben, email: ben@example.com, accounts: {embedded: ben}}\n",
    )
    assert read(ORGANISATION, flow, "x") == read(ORGANISATION, FILE, "x")
    with pytest.raises(InputError, match="email on a line of its own"):
        with_ssh_keys(flow, {"ben": KEY})


def test_a_malformed_file_is_named_with_its_line() -> None:
    with pytest.raises(InvalidDocument) as error:
        with_ssh_keys(FILE.replace(b"name: Ben", b"nam: Ben"), {"ann": KEY})
    assert {problem.field for problem in error.value.problems} >= {"people.1.nam"}


def test_the_shipped_organisation_takes_a_key_for_everybody() -> None:
    shipped = (ROOT / "policies/data/organisation.yaml").read_bytes()
    organisation = read(ORGANISATION, shipped, "organisation.yaml")
    ids = [one.id for one in organisation.people] + [bot.id for bot in organisation.bots]
    keys = {name: f"{KEY}{number}" for number, name in enumerate(ids)}
    after = read(ORGANISATION, with_ssh_keys(shipped, keys), "organisation.yaml")
    found = {person.id: person.ssh_keys for person in after.people}
    found |= {bot.id: bot.ssh_keys for bot in after.bots}
    assert found == {name: (key,) for name, key in keys.items()}
