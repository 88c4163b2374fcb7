"""An instance is put together, and what is missing is named with the way to get it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from turnpike.cli.wiring import House, acting, clone_here
from turnpike.errors import InputError, IntegrityError
from turnpike.judge.layout import ORGANISATION_PATH
from turnpike.topology.key import Role
from unit.cli.calling import at
from unit.instance.aurora import MAIN, Aurora, git


@pytest.fixture
def house(aurora: Aurora, monkeypatch: pytest.MonkeyPatch) -> House:
    """The instance, on a machine on which Git knows nobody."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return House(aurora.instance)


@pytest.fixture
def copied(house: House, tmp_path: Path) -> House:
    """A house of its own whose host and keys a test may bend."""
    shutil.copytree(house.instance.host, tmp_path / "host.git")
    shutil.copytree(house.instance.keys, tmp_path / "keys")
    return House(replace(house.instance, folder=tmp_path))


@contextmanager
def in_clone_of(folder: Path, email: str) -> Iterator[Path]:
    """Stand below the top of another clone, whose Git knows somebody by an address."""
    below = folder / "clone" / "below"
    below.mkdir(parents=True)
    git(below.parent, "init", "-q")
    git(below.parent, "config", "user.email", email)
    with at(below):
        yield below.parent


def test_who_is_named_acts_whatever_git_says(house: House, tmp_path: Path) -> None:
    with in_clone_of(tmp_path, "tom.becker@aurora-health.example"):
        assert acting(house, "maria-lopez") == "maria-lopez"
        assert acting(house, "turnpike-bot") == "turnpike-bot"


@pytest.mark.parametrize(
    "email", ["tom.becker@aurora-health.example", "Tom.Becker@Aurora-Health.example"]
)
def test_otherwise_whoever_git_knows_in_this_clone_acts(
    house: House, tmp_path: Path, email: str
) -> None:
    with in_clone_of(tmp_path, email):
        assert acting(house, None) == "tom-becker"


@pytest.mark.parametrize(
    ("named", "email"),
    [
        ("nobody-here", "tom.becker@aurora-health.example"),
        (None, "x@elsewhere.example"),
        (None, ""),
    ],
)
def test_who_is_not_of_the_organisation_does_not_act(
    house: House, tmp_path: Path, named: str | None, email: str
) -> None:
    with in_clone_of(tmp_path, email), pytest.raises(InputError) as error:
        acting(house, named)
    assert error.value.code == "input.unknown-person"
    assert f"got {named or 'nobody'}" in error.value.message
    assert "maria-lopez" in error.value.solution


def test_outside_of_every_clone_the_instances_own_is_meant(house: House, tmp_path: Path) -> None:
    with at(tmp_path):
        assert clone_here(house) == house.instance.monorepo
    with in_clone_of(tmp_path, "x@example.org") as top:
        assert clone_here(house) == top


@pytest.mark.parametrize("role", ["gate", "observer"])
def test_a_role_signs_by_the_key_whose_private_half_is_here(copied: House, role: Role) -> None:
    assert copied.role_key(role).name == role
    (copied.instance.keys / f"{role}.key").unlink()
    with pytest.raises(InputError) as error:
        copied.role_key(role)
    assert error.value.code == "key.none-here"
    assert f"private half of one of {role}" in error.value.message


def test_a_role_whose_keys_are_all_revoked_is_told_to_have_none(copied: House) -> None:
    path = "policies/keys/observer.yaml"
    text = (copied.host.read(copied.main, path) or b"") + b'revokedAt: "2020-01-01T00:00:00Z"\n'
    move_main(copied, {path: text})
    with pytest.raises(InputError) as error:
        House(copied.instance).role_key("observer")
    assert error.value.code == "key.none-valid"
    assert "turnpike keys new observer" in error.value.solution
    assert House(copied.instance).role_key("gate").name == "gate"


def move_main(house: House, files: dict[str, bytes | None]) -> None:
    """Put files on main behind the gate's back."""
    tree = house.host.write_tree_with(house.main, files)
    done = subprocess.run(
        ["git", "-C", str(house.instance.host), "-c", "user.name=x", "-c", "user.email=x@y",
         "commit-tree", tree, "-p", house.main, "-m", "Behind"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    git(house.instance.host, "update-ref", MAIN, done.stdout.strip())


def test_a_main_without_an_organisation_is_no_main(copied: House) -> None:
    move_main(copied, {ORGANISATION_PATH: None})
    with pytest.raises(IntegrityError, match=r"organisation\.yaml is not on main"):
        _ = House(copied.instance).organisation


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (House.address, "forge.none"),
        (House.lock, "forge.none"),
        (House.remote, "forge.none"),
        (House.registry_server, "registry.embedded"),
    ],
)
def test_what_the_embedded_parts_have_not_is_told_with_the_way_to_it(
    house: House, ask: Callable[[House], object], code: str
) -> None:
    with pytest.raises(InputError) as error:
        ask(house)
    assert error.value.code == code
    assert " connect --help" in error.value.solution


def test_who_only_reads_the_embedded_host_can_say_nothing_there(house: House) -> None:
    assert house.forge().pull_requests() == house.forge("maria-lopez").pull_requests()
    with pytest.raises(InputError) as error:
        house.forge().comment(1, "Who am I?")
    assert error.value.solution
