from __future__ import annotations

import stat
from pathlib import Path

import pytest

from turnpike.errors import InputError
from turnpike.git.repository import Repository
from unit.git.folder import commit_files, real_git


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "r.git")


def test_files_come_out_byte_for_byte_whatever_attributes_say(
    repository: Repository, tmp_path: Path
) -> None:
    files: dict[str, bytes | None] = {
        ".gitattributes": b"* text eol=crlf ident export-subst\nsecret export-ignore\n",
        "a/text": b"one\n$Id$ $Format:%H$\n",
        "secret": b"kept",
        "b/other": b"not wanted",
    }
    commit = commit_files(repository, files)
    written = repository.materialise(commit, ["a", "secret"], tmp_path / "out")
    assert set(written) == {"a/text", "secret"}
    assert (tmp_path / "out/a/text").read_bytes() == files["a/text"]
    assert (tmp_path / "out/secret").read_bytes() == b"kept"
    assert not (tmp_path / "out/b").exists()


def test_an_executable_stays_executable(repository: Repository, tmp_path: Path) -> None:
    blob = repository.write_blob(b"#!/bin/sh\n")
    listed = f"100755 blob {blob}\trun\n100644 blob {blob}\tread\n".encode()
    tree = real_git(tmp_path / "r.git", "mktree", stdin=listed)
    repository.materialise(tree, [], tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out/run").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "out/read").stat().st_mode) == 0o644


@pytest.mark.parametrize("name", ["..", ".git", ".GIT"])
def test_a_tree_that_reaches_out_of_its_folder_is_refused(
    repository: Repository, tmp_path: Path, name: str
) -> None:
    blob = repository.write_blob(b"x")
    inner = real_git(tmp_path / "r.git", "mktree", stdin=f"100644 blob {blob}\tx\n".encode())
    raw = b"40000 " + name.encode() + b"\0" + bytes.fromhex(inner)
    arguments = ("hash-object", "-t", "tree", "-w", "--stdin", "--literally")
    tree = real_git(tmp_path / "r.git", *arguments, stdin=raw)
    with pytest.raises(InputError, match="plain path"):
        repository.materialise(tree, [], tmp_path / "out")
    assert not (tmp_path / "x").exists()


def test_a_symbolic_link_is_refused_before_anything_is_written(
    repository: Repository, tmp_path: Path
) -> None:
    blob = repository.write_blob(b"/etc/passwd")
    listed = f"100644 blob {blob}\ta\n120000 blob {blob}\tlink\n".encode()
    tree = real_git(tmp_path / "r.git", "mktree", stdin=listed)
    with pytest.raises(InputError, match="120000"):
        repository.materialise(tree, [], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_there_already_is_not_overwritten(
    repository: Repository, tmp_path: Path
) -> None:
    commit = commit_files(repository, {"a": b"new"})
    (tmp_path / "a").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="Cannot write"):
        repository.materialise(commit, [], tmp_path)
    assert not (tmp_path / "elsewhere").exists()
