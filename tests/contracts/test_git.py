"""What the judge relies on: nothing but objects and refs bears on what git answers."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from contracts.quiet import wait_until_quiet
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, InputError
from turnpike.git.objects import EMPTY_TREE
from turnpike.git.pack import NewObject
from turnpike.git.repository import Repository
from unit.git.folder import ANN, MAIN, NOW, commit_files, real_git


@pytest.fixture
def host(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "host.git")


def _conflicting(
    repository: Repository, attributes: bytes | None = None
) -> tuple[ObjectId, ObjectId]:
    files: dict[str, bytes | None] = {"a": b"one\n"}
    if attributes:
        files[".gitattributes"] = attributes
    first = commit_files(repository, files)
    base = commit_files(repository, {"a": b"two\n"}, first)
    return base, commit_files(repository, {"a": b"three\n"}, first)


def test_attributes_in_the_trees_do_not_merge_what_conflicts(host: Repository) -> None:
    base, head = _conflicting(host, b"a merge=union\n")
    assert host.merge_tree(base, head).conflicts == ("a",)


@pytest.mark.parametrize("bare", [True, False])
def test_attributes_and_drivers_beside_the_objects_do_not_merge_what_conflicts(
    tmp_path: Path, bare: bool
) -> None:
    folder = tmp_path / "r"
    real_git(tmp_path, "init", "-q", *(["--bare"] if bare else []), "r")
    git_dir = folder if bare else folder / ".git"
    (git_dir / "info").mkdir(exist_ok=True)
    (git_dir / "info/attributes").write_text("a merge=evil\n")
    real_git(folder, "config", "merge.evil.driver", f"touch {tmp_path}/ran; true")
    if not bare:
        (folder / ".gitattributes").write_text("a merge=evil\n")
    with Repository(folder) as repository:
        base, head = _conflicting(repository)
        assert repository.merge_tree(base, head).conflicts == ("a",)
    assert not (tmp_path / "ran").exists()


def test_settings_that_run_programs_run_none(tmp_path: Path, host: Repository) -> None:
    trap = f"touch {tmp_path}/ran"
    for name in ("core.fsmonitor", "core.pager", "diff.external", "core.editor", "gpg.program"):
        real_git(host.path, "config", name, trap)
    hooks = host.path / "hooks"
    hooks.mkdir()
    for name in ("reference-transaction", "pre-push", "post-update", "update"):
        (hooks / name).write_text(f"#!/bin/sh\n{trap}\n")
        (hooks / name).chmod(0o755)
    first = commit_files(host, {"a": b"1"})
    second = commit_files(host, {"a": b"2"}, first)
    host.update_ref(MAIN, first, None)
    with Repository.create(tmp_path / "other.git") as other:
        host.push(str(other.path), f"{first}:{MAIN}", None)
    host.changes(first, second)
    host.merge_tree(first, second)
    host.fsck(first)
    assert not (tmp_path / "ran").exists()


def test_a_replacement_of_a_commit_or_a_blob_is_not_believed(host: Repository) -> None:
    honest = commit_files(host, {"a": b"honest"})
    forged = commit_files(host, {"a": b"forged"})
    blobs = [host.blob_id(commit, "a") or "" for commit in (honest, forged)]
    real_git(host.path, "replace", honest, forged)
    real_git(host.path, "replace", *blobs)
    assert real_git(host.path, "show", f"{honest}:a") == "forged"
    assert host.read(honest, "a") == b"honest"
    assert host.commit(honest).id == honest


def test_a_graft_does_not_change_who_is_whose_parent(host: Repository) -> None:
    first = commit_files(host, {"a": b"1"})
    second = commit_files(host, {"a": b"2"}, first)
    (host.path / "info").mkdir(exist_ok=True)
    (host.path / "info/grafts").write_text(f"{second}\n")
    host.update_ref(MAIN, second, None)
    assert host.first_parents(MAIN) == (second, first)


def test_a_forged_commit_graph_does_not_change_who_is_whose_parent(host: Repository) -> None:
    first = commit_files(host, {"a": b"1"})
    second = commit_files(host, {"a": b"2"}, first)
    third = commit_files(host, {"a": b"3"}, second)
    host.update_ref(MAIN, third, None)
    real_git(host.path, "commit-graph", "write", "--reachable")
    graph = host.path / "objects/info/commit-graph"
    graph.chmod(0o644)
    graph.write_bytes(graph.read_bytes().replace(bytes.fromhex(second), bytes.fromhex(first), 1))
    assert host.first_parents(MAIN) == (third, second, first)
    assert host.fsck(third)


def test_a_rename_is_merged_as_a_removal_and_an_addition(host: Repository) -> None:
    text = b"".join(b"line %d\n" % i for i in range(50))
    first = commit_files(host, {"old": text})
    base = commit_files(host, {"old": None, "new": text}, first)
    head = commit_files(host, {"old": text + b"more\n"}, first)
    assert host.merge_tree(base, head).conflicts == ("old",)


def test_a_folder_that_was_renamed_takes_no_new_files_along(host: Repository) -> None:
    first = commit_files(host, {f"old/{i}": b"%d" % i for i in range(5)})
    moved: dict[str, bytes | None] = {f"old/{i}": None for i in range(5)}
    base = commit_files(host, moved | {f"new/{i}": b"%d" % i for i in range(5)}, first)
    head = commit_files(host, {"old/added": b"x"}, first)
    tree = host.merge_tree(base, head).tree
    assert tree is not None
    assert "old/added" in host.files(tree)


def test_a_work_tree_and_an_index_are_never_looked_at(tmp_path: Path) -> None:
    real_git(tmp_path, "init", "-q", "-b", "main", "clone")
    folder = tmp_path / "clone"
    (folder / "a").write_text("committed")
    real_git(folder, "add", "a")
    real_git(folder, "commit", "-q", "-m", "x")
    (folder / "a").write_text("dirty")
    real_git(folder, "add", "a")
    (folder / "a").write_text("dirtier")
    with Repository(folder) as repository:
        assert repository.read(MAIN, "a") == b"committed"
        assert repository.changes(MAIN, MAIN) == ()
    assert "MM a" in real_git(folder, "status", "--short")


def test_a_branch_that_is_named_like_a_commit_does_not_stand_for_it(host: Repository) -> None:
    first = commit_files(host, {"a": b"1"})
    second = commit_files(host, {"a": b"2"}, first)
    host.update_ref(f"refs/heads/{first}", second, None)
    assert host.resolve(first) == first


def test_the_id_of_a_tree_names_no_commit(host: Repository) -> None:
    commit = commit_files(host, {"a/b": b"1"})
    for path in ("", "a"):
        tree = host.tree_id(commit, path)
        assert tree
        with pytest.raises(InputError, match="names no commit"):
            host.resolve(tree)


@pytest.mark.parametrize("is_folder", [True, False])
def test_a_tree_that_calls_something_else_a_file_is_no_change(
    host: Repository, is_folder: bool
) -> None:
    base = commit_files(host, {"a/b": b"1"})
    folder = host.tree_id(base, "a")
    assert folder
    entry = NewObject("tree", b"100644 file\0" + bytes.fromhex(folder if is_folder else "1" * 40))
    host.write([entry])
    with pytest.raises(InputError, match="expected the content of a file") as refused:
        host.changes(base, entry.id)
    assert refused.value.code == "git.no-file"


def test_objects_of_a_push_are_judged_before_they_are_accepted(
    host: Repository, tmp_path: Path
) -> None:
    hook = host.path / "hooks/pre-receive"
    hook.parent.mkdir()
    out = tmp_path / "environment"
    hook.write_text(f"#!/bin/sh\nenv -0 > {out}\ncp -r objects {tmp_path}/seen\nexit 1\n")
    hook.chmod(0o755)
    with Repository.create(tmp_path / "pusher.git") as pusher:
        pushed = commit_files(pusher, {"a": b"1"})
        pusher.update_ref(MAIN, pushed, None)
        with pytest.raises(CannotDecide):
            pusher.push(str(host.path), f"{pushed}:{MAIN}", None)
    variables = dict(
        item.split("=", 1) for item in out.read_text().split("\0") if item.startswith("GIT_")
    )
    incoming = Path(variables["GIT_OBJECT_DIRECTORY"]).name
    variables["GIT_OBJECT_DIRECTORY"] = str(tmp_path / "seen" / incoming)
    with Repository(host.path, hook=variables) as inside:
        assert inside.read(pushed, "a") == b"1"
    with Repository(host.path) as outside:
        assert outside.blob_id(pushed, "a") is None


def _write_for_ever(path: Path) -> None:
    with Repository(path) as repository:
        tip = repository.refs.get(MAIN)
        for number in range(10_000):
            tree = repository.write_tree_with(tip or EMPTY_TREE, {f"d/{number}": b"%d" % number})
            parents = (tip,) if tip else ()
            commit = repository.write_commit(tree, parents, ANN, ANN, "Next\n", NOW)
            repository.update_ref(MAIN, commit, tip)
            tip = commit


@pytest.mark.parametrize("delay", [0.15, 0.3, 0.45])
def test_a_writer_that_is_killed_leaves_the_old_or_the_new_state(
    tmp_path: Path, delay: float
) -> None:
    with Repository.create(tmp_path / "r.git") as repository:
        repository.update_ref(MAIN, commit_files(repository, {"a": b"1"}), None)
    context = multiprocessing.get_context("fork")
    writer = context.Process(target=_write_for_ever, args=(tmp_path / "r.git",))
    writer.start()
    assert writer.pid is not None
    with Repository(tmp_path / "r.git") as repository:
        deadline = time.monotonic() + 300
        while len(repository.first_parents(MAIN)) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
    time.sleep(delay)
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    wait_until_quiet(tmp_path)  # git children of the killed writer end by themselves
    with Repository(tmp_path / "r.git") as repository:
        head = repository.resolve(MAIN)
        line = repository.first_parents(head)
        assert len(line) >= 3
        assert len(repository.files(head)) == len(line)
        assert repository.fsck(head) == ()
        (repository.path / "refs/heads/main.lock").unlink(missing_ok=True)
        repository.update_ref(MAIN, commit_files(repository, {"b": b"1"}, head), head)
