from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.errors import InputError
from turnpike.git.location import locate, top_of
from turnpike.git.repository import Repository
from unit.git.folder import MAIN, commit_files, real_git


def test_a_linked_work_tree_shares_the_objects_of_its_repository(tmp_path: Path) -> None:
    with Repository.create(tmp_path / "r.git") as repository:
        first = commit_files(repository, {"a": b"1"})
        repository.update_ref(MAIN, first, None)
    real_git(tmp_path / "r.git", "worktree", "add", str(tmp_path / "linked"), "-b", "other")
    with Repository(tmp_path / "linked") as linked:
        assert linked.resolve("HEAD") == first
        assert linked.read(first, "a") == b"1"


def test_a_folder_without_repository_is_refused_with_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="found none") as caught:
        locate(tmp_path)
    assert "clone" in caught.value.solution


def test_the_top_is_found_from_a_folder_within(tmp_path: Path) -> None:
    real_git(tmp_path, "init", "-q", "r")
    inside = tmp_path / "r" / "models" / "a"
    inside.mkdir(parents=True)
    assert top_of(inside) == tmp_path / "r"


def test_a_folder_outside_of_any_repository_has_no_top() -> None:
    with pytest.raises(InputError, match="inside a Git repository"):
        top_of(Path("/proc/self"))
