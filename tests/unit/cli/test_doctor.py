"""``turnpike doctor`` says what is missing with what to do, and exits by what is needed."""

from __future__ import annotations

import importlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from turnpike.instance.connect import save, with_registry
from turnpike.instance.instance import Instance
from turnpike.topology.instance import RegistryAddress
from unit.cli.calling import at, refused
from unit.instance.aurora import Aurora

COMMAND = importlib.import_module("turnpike.cli.doctor").command


@pytest.fixture
def instance(aurora: Aurora, tmp_path: Path) -> Instance:
    """Return an instance of its own, which a test may break."""
    shutil.copytree(aurora.instance.folder, tmp_path / "instance", symlinks=True)
    return Instance(tmp_path / "instance", aurora.instance.document)


def asked(folder: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """Return the exit code and the parts by their names."""
    with at(folder):
        result = CliRunner(catch_exceptions=False).invoke(COMMAND, [*words, "--json"])
    return result.exit_code, {one["name"]: one for one in json.loads(result.stdout)}


def test_every_part_that_is_not_ready_comes_with_what_to_do(tmp_path: Path) -> None:
    _, parts = asked(tmp_path)
    assert {"git", "python3.11", "opa"} <= parts.keys()
    assert not [name for name, one in parts.items() if one["state"] == "missing" and not one["fix"]]


def test_outside_of_an_instance_only_the_machine_is_looked_at(
    instance: Instance, tmp_path: Path
) -> None:
    _, outside = asked(tmp_path)
    _, inside = asked(instance.folder)
    assert outside.keys() < inside.keys()
    assert not [one for one in outside.values() if "instance" in one]


def test_an_instance_that_lost_a_key_is_not_well(instance: Instance) -> None:
    code, _ = asked(instance.folder)
    shutil.rmtree(instance.folder / "keys")
    broken, parts = asked(instance.folder)
    assert broken == 3
    assert [one for one in parts.values() if "instance" in one and one["state"] == "missing"]
    assert code in {0, 3}


def test_an_instance_whose_file_is_damaged_is_not_well(instance: Instance) -> None:
    file = instance.folder / "instance.yaml"
    file.write_text(file.read_text().replace("genesis:", "genesjs:"))
    code, parts = asked(instance.monorepo)
    assert (code, parts["instance.yaml"]["state"]) == (3, "missing")
    assert "genesjs" in parts["instance.yaml"]["detail"]
    assert parts["instance.yaml"]["fix"]


def test_a_registry_that_is_away_is_missing_and_named_by_its_address(instance: Instance) -> None:
    address = RegistryAddress(address="http://127.0.0.1:9")
    save(with_registry(instance, address))
    code, parts = asked(instance.folder)
    assert (code, parts["registry"]["state"]) == (3, "missing")
    assert "127.0.0.1:9" in parts["registry"]["detail"]


def test_the_lock_of_the_embedded_host_is_nobodys_to_ask_about(instance: Instance) -> None:
    assert refused(instance.folder, "doctor", "--forge").code == "forge.none"
