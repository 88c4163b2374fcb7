"""`turnpike verify` names whatever was changed behind everybody's back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from end_to_end.changes import DESCRIPTION, Bench
from end_to_end.verbs import Told
from end_to_end.world import World
from turnpike.auditing.verify import verify
from turnpike.errors import InputError
from turnpike.forge.refs import MAIN, RECORD
from turnpike.git.repository import Repository

ME = ("-c", "user.name=Nobody", "-c", "user.email=nobody@example.com")


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """A world with two merges; every test changes a copy of it."""
    bench = merged.copied()
    bench.admitted(bench.draft("diabetes").edited(DESCRIPTION))
    return bench


@pytest.fixture
def world(bench: Bench) -> World:
    return bench.copied().world


def faults(told: Told) -> list[tuple[str, str]]:
    assert told.code == 1, str(told)
    assert not told.json()["sound"]
    return [(fault["code"], fault["message"]) for fault in told.json()["faults"]]


def audited(world: World) -> Told:
    return world.call("verify", "--json")


def flipped(file: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)


def loose(world: World, object_: str) -> Path:
    return world.host / "objects" / object_[:2] / object_[2:]


def test_an_untouched_instance_is_sound(world: World) -> None:
    told = audited(world)
    assert told.code == 0, str(told)
    assert told.json()["commits"] == 3
    assert told.json()["faults"] == []


def test_one_edited_byte_of_a_file_is_named_with_its_path(world: World) -> None:
    path = "models/endocrinology/diabetes-progression/model.yaml"
    blob = world.ref(f"{MAIN}:{path}")
    flipped(loose(world, blob))
    found = faults(audited(world))
    assert any(code == "verify.damaged" and blob in said and path in said for code, said in found)


def test_one_edited_byte_of_the_genesis_is_named(world: World) -> None:
    pack = max((world.host / "objects" / "pack").glob("*.pack"), key=lambda f: f.stat().st_size)
    flipped(pack)
    assert "verify.damaged" in {code for code, _ in faults(audited(world))}


def test_an_object_that_is_gone_is_named(world: World) -> None:
    blob = world.ref(f"{RECORD}:tip.json")
    loose(world, blob).unlink()
    assert any(blob in said for _, said in faults(audited(world)))


@pytest.mark.parametrize("file", ["instance.yaml", "host.json"])
@pytest.mark.parametrize("pin", ["genesis", "rootKey", "gateKey"])
def test_one_edited_byte_of_a_pin_is_named(world: World, file: str, pin: str) -> None:
    pins = world.folder / file
    text = pins.read_text()
    at = text.index(pin) + len(pin) + 40
    pins.write_text(text[:at] + ("1" if text[at] == "0" else "0") + text[at + 1 :])
    assert "verify.pins" in {code for code, _ in faults(audited(world))}


def test_a_hook_that_lets_all_in_is_named(world: World) -> None:
    hook = world.host / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 0\n")
    assert any(c == "verify.host" and "hook of the host" in said for c, said in
               faults(audited(world)))  # fmt: skip


def test_an_edit_of_what_the_hook_starts_is_named(world: World) -> None:
    path = "platform/turnpike/forge/receiving.py"
    flipped(world.house.instance.folder / "installation" / path)
    assert any(c == "verify.host" and path in said for c, said in faults(audited(world)))


def test_a_commit_put_on_main_behind_the_hooks_back_is_named(world: World) -> None:
    tree = world.git("rev-parse", f"{MAIN}^{{tree}}", at=world.host)
    message = world.git("log", "-1", "--format=%B", MAIN, at=world.host)
    commit = world.git(*ME, "commit-tree", tree, "-p", MAIN, "-m", message, at=world.host)
    world.git("update-ref", MAIN, commit, at=world.host)
    found = faults(audited(world))
    assert {code for code, _ in found} == {"verify.unjudged"}
    assert all(commit in said for _, said in found)


def test_main_without_its_last_merge_is_still_a_line_of_judged_commits(world: World) -> None:
    world.git("update-ref", MAIN, f"{MAIN}^", at=world.host)
    assert audited(world).json()["commits"] == 2


def rewritten(world: World, edit: str) -> None:
    """Rewrite the record's newest entry of a kind in place, below a new tip."""
    listed = world.git("ls-tree", "-r", "--name-only", RECORD, edit, at=world.host).splitlines()
    path = listed[0]
    text = world.git("show", f"{RECORD}:{path}", at=world.host).replace("a", "b", 1)
    with Repository(world.host) as host:
        tree = host.write_tree_with(world.record, {path: text.encode()})
    commit = world.git(*ME, "commit-tree", tree, "-p", RECORD, "-m", "Record", at=world.host)
    world.git("update-ref", RECORD, commit, at=world.host)


@pytest.mark.parametrize("folder", ["decisions", "facts", "statements", "outcomes"])
def test_an_edited_entry_of_the_record_is_named(world: World, folder: str) -> None:
    rewritten(world, folder)
    found = faults(audited(world))
    assert any(code == "verify.record" and folder in said for code, said in found), found


def test_a_record_that_was_rewound_is_named(world: World) -> None:
    world.git("update-ref", RECORD, f"{RECORD}~2", at=world.host)
    assert "verify.unjudged" in {code for code, _ in faults(audited(world))}


def test_an_instance_of_another_genesis_is_named(world: World) -> None:
    file = world.folder / "instance.yaml"
    another = f'genesis: "{world.main}"'  # plain, some ids would be numbers to YAML 1.1
    file.write_text(re.sub("(?m)^genesis: .*$", another, file.read_text("utf-8")), "utf-8")
    assert "verify.genesis" in {code for code, _ in faults(audited(world))}


def test_a_shallow_clone_is_no_ground_for_an_audit(world: World, tmp_path: Path) -> None:
    instance = world.house.instance
    origin, clone = f"file://{world.host}", tmp_path / "shallow"
    world.git("clone", "--quiet", "--depth", "1", "--no-single-branch", origin, str(clone))
    with Repository(clone) as shallow, pytest.raises(InputError) as refused:
        verify(shallow, instance.genesis, instance.document.root_key)
    assert refused.value.code == "git.shallow"
    assert "--unshallow" in refused.value.solution


def test_a_whole_clone_is_as_good_as_the_host(world: World, tmp_path: Path) -> None:
    instance = world.house.instance
    world.git("clone", "--quiet", str(world.host), str(tmp_path / "clone"))
    with Repository(tmp_path / "clone") as clone:
        assert verify(clone, instance.genesis, instance.document.root_key).is_sound
