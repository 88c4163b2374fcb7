from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.objects import PathVersion
from turnpike.git.repository import Repository
from unit.git.folder import ANN, MAIN, NOW, commit_files, real_git


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "r.git")


def test_git_reads_a_commit_as_it_was_written(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1"}, message="Say\n\nKey: value\n")
    shown = real_git(repository.path, "show", "-s", "--format=%an %ae %ct %B", first)
    assert shown == f"Ann ann@example.com {int(NOW.timestamp())} Say\n\nKey: value"
    assert repository.commit(first).trailers == {"Key": "value"}


def test_changes_carry_modes_objects_and_sizes_on_both_sides(repository: Repository) -> None:
    old = commit_files(repository, {"gone": b"12345", "kept": b"1", "changed": b"1"})
    new = commit_files(repository, {"gone": None, "added": b"12345", "changed": b"22"}, old)
    found = {
        c.path: (c.old and c.old.size, c.new and c.new.size) for c in repository.changes(old, new)
    }
    # The added file has the bytes of the removed one, and still is no rename.
    assert found == {b"added": (None, 5), b"changed": (1, 2), b"gone": (5, None)}


def test_a_size_is_zero_for_a_submodule(repository: Repository) -> None:
    commit = commit_files(repository, {"a": b"1"})
    listed = f"160000 commit {commit}\tmodule\n".encode()
    tree = real_git(repository.path, "mktree", stdin=listed)
    (change,) = repository.changes(real_git(repository.path, "mktree"), tree)
    assert change.new is not None
    assert (change.new.mode, change.new.size) == ("160000", 0)


def test_commits_between_are_those_that_only_the_head_has(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1"})
    side = commit_files(repository, {"b": b"1"}, first)
    head = commit_files(repository, {"b": b"2"}, side)
    base = commit_files(repository, {"a": b"2"}, first)
    assert [c.id for c in repository.commits_between(base, head)] == [side, head]
    assert [c.id for c in repository.commits_between(base, head, 1)] == [head]


def test_files_below_a_folder_are_not_those_of_one_with_a_longer_name(
    repository: Repository,
) -> None:
    commit = commit_files(repository, {"models/a/x": b"1", "models/ab/y": b"2", "z": b"3"})
    assert set(repository.files(commit, ["models/a", "z"])) == {"models/a/x", "z"}
    assert set(repository.files(commit)) == {"models/a/x", "models/ab/y", "z"}


def test_a_path_is_taken_literally(repository: Repository) -> None:
    commit = commit_files(repository, {"a*": b"1", "ab": b"2", ":(glob)x": b"3"})
    assert set(repository.files(commit, ["a*"])) == {"a*"}
    assert set(repository.files(commit, [":(glob)x"])) == {":(glob)x"}


def test_what_stands_at_a_path_is_found_by_kind(repository: Repository) -> None:
    commit = commit_files(repository, {"d/f": b"1"})
    assert repository.tree_id(commit) == repository.commit(commit).tree
    assert repository.tree_id(commit, "d") is not None
    assert repository.tree_id(commit, "d/f") is None
    assert repository.blob_id(commit, "d") is None
    assert repository.read(commit, "d/f") == b"1"
    assert repository.read(commit, "d/none") is None
    assert repository.names(commit, "d") == ("f",)
    assert repository.names(commit, "none") == ()


def test_several_files_are_read_at_once_and_missing_ones_left_out(repository: Repository) -> None:
    commit = commit_files(repository, {"a": b"1", "b": b"1", "d/c": b"3"})
    found = repository.read_all(commit, ["d/c", "a", "none", "b", "d"])
    assert found == {"d/c": b"3", "a": b"1", "b": b"1"}


def test_a_clean_merge_gives_the_tree_of_both_sides(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1", "b": b"1"})
    base = commit_files(repository, {"a": b"2"}, first)
    head = commit_files(repository, {"b": b"2"}, first)
    merged = repository.merge_tree(base, head)
    assert merged.tree is not None
    assert repository.read_all(merged.tree, ["a", "b"]) == {"a": b"2", "b": b"2"}


def test_a_conflict_names_its_paths(repository: Repository) -> None:
    first = commit_files(repository, {"d/a": b"1"})
    base = commit_files(repository, {"d/a": b"2"}, first)
    head = commit_files(repository, {"d/a": b"3"}, first)
    merged = repository.merge_tree(base, head)
    assert (merged.tree, merged.conflicts) == (None, ("d/a",))


def test_histories_without_a_common_commit_cannot_be_merged(repository: Repository) -> None:
    one, other = commit_files(repository, {"a": b"1"}), commit_files(repository, {"b": b"1"})
    with pytest.raises(InputError, match="cannot be merged") as caught:
        repository.merge_tree(one, other)
    assert "git switch" in caught.value.solution


def test_the_history_of_a_path_follows_first_parents_and_tells_removals(
    repository: Repository,
) -> None:
    first = commit_files(repository, {"a": b"1", "b": b"1"})
    side = commit_files(repository, {"a": b"2"}, first)
    merge = repository.write_commit(
        repository.commit(side).tree, (first, side), ANN, ANN, "Merge\n", NOW
    )
    other = commit_files(repository, {"b": b"2"}, merge)
    last = commit_files(repository, {"a": None}, other)
    repository.update_ref(MAIN, last, None)
    assert repository.history_of("a", MAIN) == (
        PathVersion(last, None),
        PathVersion(merge, repository.blob_id(side, "a")),
        PathVersion(first, repository.blob_id(first, "a")),
    )


def test_ancestry_is_told_with_a_commit_being_its_own_ancestor(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1"})
    second = commit_files(repository, {"a": b"2"}, first)
    assert repository.is_ancestor(first, second)
    assert repository.is_ancestor(first, first)
    assert not repository.is_ancestor(second, first)


def test_a_shallow_clone_is_refused_with_the_command_that_helps(
    repository: Repository, tmp_path: Path
) -> None:
    first = commit_files(repository, {"a": b"1"})
    second = commit_files(repository, {"a": b"2"}, first)
    repository.update_ref(MAIN, second, None)
    url = f"file://{repository.path}"
    real_git(tmp_path, "clone", "-q", "--depth=1", url, "shallow")
    with Repository(tmp_path / "shallow") as clone:
        assert clone.is_shallow()
        with pytest.raises(InputError, match="shallow") as caught:
            clone.first_parents("HEAD")
    assert caught.value.solution == "git fetch --unshallow"
    assert not repository.is_shallow()


def test_a_clone_without_its_blobs_says_so_and_fetches_nothing_by_itself(
    repository: Repository, tmp_path: Path
) -> None:
    first = commit_files(repository, {"a": b"1"})
    repository.update_ref(MAIN, first, None)
    real_git(repository.path, "config", "uploadpack.allowFilter", "true")
    url = f"file://{repository.path}"
    real_git(tmp_path, "clone", "-q", "--bare", "--filter=blob:none", url, "partial")
    with Repository(tmp_path / "partial") as clone, pytest.raises(InputError, match="not in this"):
        clone.blobs([ObjectId(repository.blob_id(first, "a") or "")])


def test_a_sound_repository_has_nothing_to_complain_of(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1"})
    assert repository.fsck(first) == ()


def test_an_object_missing_behind_a_head_is_found(repository: Repository) -> None:
    first = commit_files(repository, {"a": b"1"})
    blob = repository.blob_id(first, "a")
    assert blob is not None
    (repository.path / "objects" / blob[:2] / blob[2:]).unlink()
    assert any(blob in line for line in repository.fsck(first))
