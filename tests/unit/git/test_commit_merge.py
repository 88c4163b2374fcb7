from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.repository import Repository
from unit.git.folder import commit_files, real_git

LINES = [b"%d\n" % number for number in range(30)]

# Contents differ by path, so that git finds no renames and must agree with a merge without them.
paths = st.sampled_from(["a", "b", "d/a", "d/b", "d/e/a", "c", "c/x"])
sides = st.dictionaries(paths, st.sampled_from(["remove", "top", "bottom", "other"]), max_size=5)


def _content(path: str, how: str) -> bytes | None:
    body = [f"{path} ".encode() * 5 + line for line in LINES]
    match how:
        case "remove":
            return None
        case "top":
            return b"".join([b"first\n", *body])
        case "bottom":
            return b"".join([*body, b"last\n"])
        case "other":
            return f"{path} is other\n".encode() * 3
    return b"".join(body)


def _side(repository: Repository, first: ObjectId, edits: dict[str, str]) -> ObjectId | None:
    names = {path for path, how in edits.items() if how != "remove"}
    if any(longer.startswith(path + "/") for path in names for longer in names):
        return None
    files = {path: _content(path, how) for path, how in edits.items()}
    gone: dict[str, bytes | None] = dict.fromkeys(
        old
        for old in repository.files(first)
        for path in names
        if old.startswith(path + "/") or path.startswith(old + "/")
    )
    return commit_files(repository, gone | files, first)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ours=sides, theirs=sides)
def test_a_merge_without_renames_is_the_merge_of_git(
    tmp_path: Path, ours: dict[str, str], theirs: dict[str, str]
) -> None:
    path = tmp_path / "r.git"
    with Repository(path) if path.exists() else Repository.create(path) as repository:
        start = {p: _content(p, "") for p in ("a", "b", "d/a", "d/b", "d/e/a", "c")}
        first = commit_files(repository, start)
        base, head = _side(repository, first, ours), _side(repository, first, theirs)
        if base is None or head is None:
            return
        merged = repository.merge_tree(base, head)
        assert (merged.tree is None) == bool(merged.conflicts)
        assert merged.tree == _tree_by_git(path, base, head)


def _tree_by_git(path: Path, base: ObjectId, head: ObjectId) -> str | None:
    command = ("git", "merge-tree", "--write-tree", "--no-messages", base, head)
    done = subprocess.run(command, cwd=path, capture_output=True, check=False, timeout=30)
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout.decode().strip() if done.returncode == 0 else None


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "r.git")


def test_lines_that_both_sides_changed_apart_are_merged(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"".join(LINES)})
    base = commit_files(repository, {"a": b"".join([b"top\n", *LINES])}, first)
    head = commit_files(repository, {"a": b"".join([*LINES, b"end\n"])}, first)
    tree = repository.merge_tree(base, head).tree
    assert tree is not None
    assert repository.read(tree, "a") == b"".join([b"top\n", *LINES, b"end\n"])


def test_bytes_that_are_no_text_are_a_conflict(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"\0" * 50})
    base = commit_files(repository, {"a": b"\0" * 51}, first)
    head = commit_files(repository, {"a": b"\1" + b"\0" * 50}, first)
    assert repository.merge_tree(base, head).conflicts == ("a",)


def test_a_file_in_place_of_a_folder_that_grew_is_a_conflict(repository: Repository) -> None:
    first = commit_files(repository, {"d/a": b"1"})
    base = commit_files(repository, {"d/b": b"2"}, first)
    head = commit_files(repository, {"d/a": None, "d": b"file"}, first)
    assert repository.merge_tree(base, head).conflicts == ("d",)
    assert repository.merge_tree(head, base).conflicts == ("d/b",)


def test_a_file_in_place_of_a_folder_that_stood_still_is_taken(repository: Repository) -> None:
    first = commit_files(repository, {"d/a": b"1", "x": b"1"})
    base = commit_files(repository, {"x": b"2"}, first)
    head = commit_files(repository, {"d/a": None, "d": b"file"}, first)
    tree = repository.merge_tree(base, head).tree
    assert tree is not None
    assert set(repository.files(tree)) == {"d", "x"}


def test_a_symbolic_link_comes_through_for_the_judge_to_see(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1"})
    base = commit_files(repository, {"b": b"1"}, first)
    listed = f"120000 blob {repository.write_blob(b'/etc')}\tlink\n".encode()
    tree = ObjectId(real_git(repository.path, "mktree", stdin=listed))
    head = real_git(repository.path, "commit-tree", "-m", "x", "-p", first, tree)
    merged = repository.merge_tree(base, head).tree
    assert merged is not None
    assert repository.files(merged)["link"].mode == "120000"


def test_two_best_common_commits_are_refused_with_the_next_step(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1"})
    left = commit_files(repository, {"b": b"1"}, first)
    right = commit_files(repository, {"c": b"1"}, first)
    pair = [
        real_git(
            repository.path, "commit-tree", "-m", m, "-p", left, "-p", right, f"{left}^{{tree}}"
        )
        for m in ("x", "y")
    ]
    with pytest.raises(InputError, match="2 best commits"):
        repository.merge_tree(*pair)
