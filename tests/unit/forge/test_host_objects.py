"""What the hook sees of a repository, by the real git."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.forge.host_objects import HostObjects, quarantine
from turnpike.git.repository import Repository
from unit.instance.aurora import git


@pytest.fixture
def host(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "host.git")


def test_objects_are_told_by_type_size_and_content(host: Repository) -> None:
    empty, text = host.write_blob(b""), host.write_blob(b"two\nlines\n\n")
    seen = HostObjects(host.path, {})
    missing = "1" * 40
    assert seen.kind_and_size([empty, text, missing]) == {empty: ("blob", 0), text: ("blob", 11)}
    assert seen.blobs([text, empty]) == {text: b"two\nlines\n\n", empty: b""}
    assert not seen.kind_and_size([])
    assert not seen.blobs([])


def test_objects_in_quarantine_are_seen_as_well(host: Repository, tmp_path: Path) -> None:
    old = host.write_blob(b"old")
    pushed = Repository.create(tmp_path / "pushed.git")
    new = pushed.write_blob(b"new")
    environment = {
        "GIT_OBJECT_DIRECTORY": str(tmp_path / "pushed.git" / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(host.path / "objects"),
        "GIT_DIR": "elsewhere",
    }
    assert HostObjects(host.path, environment).blobs([old, new]) == {old: b"old", new: b"new"}
    assert "GIT_DIR" not in quarantine(environment)


def test_refs_are_counted_and_symbolic_ones_named(host: Repository) -> None:
    blob = host.write_blob(b"x")
    for name in ("refs/pull/1/events/a", "refs/pull/1/events/b", "refs/pull/1/head"):
        host.update_ref(name, blob, None)
    git(host.path, "symbolic-ref", "refs/heads/alias", "refs/pull/1/head")
    seen = HostObjects(host.path, {})
    assert seen.count("refs/pull/1/events/") == 2
    assert seen.count("refs/pull/1/head") == 1
    assert seen.count("refs/pull/2/head") == 0
    assert seen.symbolic() == {"refs/heads/alias"}
