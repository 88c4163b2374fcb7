from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.change.touched import touched
from turnpike.git.objects import EMPTY_TREE, Entry, TreeChange
from turnpike.git.repository import Repository
from turnpike.judge.facts import Change
from unit.git.folder import commit_files


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "r.git")


def told(repository: Repository, before: dict[str, bytes], after: dict[str, bytes]) -> list[Change]:
    old = repository.write_tree_with(EMPTY_TREE, {**before})
    new = repository.write_tree_with(old, {**after})
    return [*touched(repository, repository.changes(old, new), new)]


def test_what_is_added_and_edited_stands_with_both_of_its_entries(repository: Repository) -> None:
    added, edited = told(repository, {"b/c": b"1"}, {"a": b"22", "b/c": b"333"})
    assert (added.path, added.old, added.new and added.new.size) == ("a", None, 2)
    assert edited.old
    assert edited.new
    assert (edited.path, edited.old.size, edited.new.size) == ("b/c", 1, 3)
    assert added.plain
    assert added.twin is edited.twin is None


@pytest.mark.parametrize(
    ("there", "added", "twin"),
    [
        ("models/a/model.yaml", "models/A/model.yaml", "models/a"),
        ("README.md", "readme.md", "README.md"),
        ("a/b", "a/B", "a/b"),
        ("a/b", "a/c", None),
    ],
)
def test_a_twin_in_another_case_is_named(
    repository: Repository, there: str, added: str, twin: str | None
) -> None:
    (change,) = told(repository, {there: b"1"}, {added: b"2"})
    assert change.twin == twin


def test_an_edited_file_has_no_twin_for_it_stood_there_before(repository: Repository) -> None:
    (change,) = told(repository, {"a": b"1", "A": b"1"}, {"A": b"2"})
    assert change.twin is None


@pytest.mark.parametrize("path", [b"a\xff", b"a\nb", b"a/" * 401 + b"b"])
def test_of_a_path_that_git_cannot_be_asked_for_nothing_is_asked(
    repository: Repository, path: bytes
) -> None:
    commit = commit_files(repository, {"A": b"1"})
    blob = repository.blob_id(commit, "A")
    assert blob
    change = TreeChange(path, None, Entry("100644", blob, 1))
    (found,) = touched(repository, [change], repository.tree_id(commit))
    assert found.twin is None
    assert found.plain is (b"\xff" not in path)


def test_of_a_change_that_does_not_merge_no_twins_are_known(repository: Repository) -> None:
    tree = repository.write_tree_with(EMPTY_TREE, {"a": b"1"})
    (change,) = touched(repository, repository.changes(EMPTY_TREE, tree), None)
    assert (change.path, change.twin) == ("a", None)
