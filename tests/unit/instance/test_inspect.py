"""What is wrong with an instance is named, each thing by itself, with what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from turnpike.git.objects import EMPTY_TREE
from turnpike.instance.host import SETTINGS, hook_text
from turnpike.instance.inspect import inspect_instance
from turnpike.instance.instance import Instance
from turnpike.instance.locate import open_instance
from turnpike.record.record import RECORD_REF
from unit.instance.aurora import MAIN, MARIA, Aurora, git, now


@pytest.fixture
def own(tmp_path: Path, product: Path) -> Aurora:
    return Aurora.made(tmp_path / "instance", product)


def faults(instance: Instance) -> set[str]:
    found = inspect_instance(instance)
    assert all(one.solution for one in found)
    return {one.name for one in found if not one.is_good}


def test_a_new_instance_has_no_faults(aurora: Aurora) -> None:
    assert faults(aurora.instance) == set()


def rewrite_main(aurora: Aurora) -> None:
    other = aurora.host.write_commit(EMPTY_TREE, (), MARIA, MARIA, "Other\n", now())
    aurora.host.update_ref(MAIN, other, aurora.main())


def open_the_gate_key(aurora: Aurora) -> None:
    aurora.instance.key("gate").chmod(0o644)


def lose_a_key(aurora: Aurora) -> None:
    aurora.instance.key("validator").unlink()


def edit_the_hook(aurora: Aurora) -> None:
    (aurora.instance.host / "hooks" / "pre-receive").write_text("#!/bin/sh\nexit 0\n")


def take_the_python_away(aurora: Aurora) -> None:
    hook = aurora.instance.host / "hooks" / "pre-receive"
    hook.write_text(hook_text(aurora.instance.folder / "no-python"))


def disarm_the_hook(aurora: Aurora) -> None:
    (aurora.instance.host / "hooks" / "pre-receive").chmod(0o644)


def edit_what_the_hook_starts(aurora: Aurora) -> None:
    code = aurora.instance.installation / "turnpike" / "cli" / "host_hook.py"
    code.write_text(code.read_text().replace("return 1 if found else 0", "return 0"))


def lose_what_the_hook_starts(aurora: Aurora) -> None:
    (aurora.instance.installation / "turnpike" / "forge" / "receiving.py").unlink()


def put_a_module_before_the_others(aurora: Aurora) -> None:
    (aurora.instance.installation / "pydantic.py").write_text("")


def change_a_setting(aurora: Aurora) -> None:
    git(aurora.instance.host, "config", "core.hooksPath", "/dev/null")


def forge_the_pins(aurora: Aurora) -> None:
    aurora.instance.pins.write_text("{}")


def name_another_gate_key(aurora: Aurora) -> None:
    file = aurora.instance.folder / "instance.yaml"
    key = aurora.instance.document.gate_key
    file.write_text(file.read_text().replace(key, key[:-1] + ("0" if key[-1] != "0" else "1")))


def lose_the_record(aurora: Aurora) -> None:
    aurora.host.update_ref(RECORD_REF, None, aurora.record_tip())


def damage_the_head(aurora: Aurora) -> None:
    """After this git takes the folder for no repository."""
    (aurora.instance.host / "HEAD").write_text("ref: regs/heads/main\n")


def turn_the_clone_elsewhere(aurora: Aurora) -> None:
    git(aurora.instance.monorepo, "remote", "set-url", "origin", "/elsewhere")


@pytest.mark.parametrize(("harm", "named"), [
    (rewrite_main, {"genesis of main", "signature of the genesis"}),
    (open_the_gate_key, {"gate key"}),
    (lose_a_key, {"validator key"}),
    (edit_the_hook, {"hook of the host"}),
    (take_the_python_away, {"Python of the hook"}),
    (disarm_the_hook, {"hook of the host"}),
    (edit_what_the_hook_starts, {"installation of the hook"}),
    (lose_what_the_hook_starts, {"installation of the hook"}),
    (put_a_module_before_the_others, {"installation of the hook"}),
    (change_a_setting, {"core.hooksPath of the host"}),
    (forge_the_pins, {"pins of the host"}),
    (name_another_gate_key, {"pins of the host", "gate's first key"}),
    (lose_the_record, {"record"}),
    (damage_the_head, {*(f"{name} of the host" for name in SETTINGS), "repository of the host"}),
    (turn_the_clone_elsewhere, {"origin of the clone"}),
])  # fmt: skip
def test_each_fault_is_named(own: Aurora, harm: Callable[[Aurora], None], named: set[str]) -> None:
    harm(own)
    assert faults(open_instance(own.instance.folder)) == named


def test_what_python_compiles_is_no_fault(own: Aurora) -> None:
    own.opened("compiled")  # the push runs the hook, and Python keeps what it compiles
    assert list(own.instance.installation.rglob("*.pyc"))
    assert faults(own.instance) == set()


def test_a_root_key_that_was_taken_away_is_no_fault(own: Aurora) -> None:
    own.instance.key("root").unlink()
    assert faults(own.instance) == set()
