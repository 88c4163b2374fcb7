from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.auditing.heads import heads_of
from turnpike.errors import InputError
from turnpike.git.repository import Repository
from unit.auditing.small_instance import SmallInstance
from unit.git.folder import real_git


@pytest.fixture
def instance(tmp_path: Path) -> SmallInstance:
    return SmallInstance(tmp_path)


def test_at_the_host_the_heads_are_its_branches(instance: SmallInstance) -> None:
    assert heads_of(instance.repository) == instance.heads()


def test_a_clone_finds_the_record_that_it_brought_along(
    instance: SmallInstance, tmp_path: Path
) -> None:
    real_git(tmp_path, "clone", "-q", str(instance.repository.path), "clone")
    with Repository(tmp_path / "clone") as clone:
        assert heads_of(clone) == instance.heads()


def test_a_clone_of_one_branch_is_told_what_to_fetch(
    instance: SmallInstance, tmp_path: Path
) -> None:
    real_git(tmp_path, "clone", "-q", "--single-branch", str(instance.repository.path), "clone")
    with (
        Repository(tmp_path / "clone") as clone,
        pytest.raises(InputError, match="turnpike/record") as caught,
    ):
        heads_of(clone)
    assert "git fetch" in caught.value.solution
