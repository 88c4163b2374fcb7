from __future__ import annotations

from pathlib import Path

from turnpike.git.repository import Repository
from turnpike.git.view import quarantine_in


def test_a_closed_repository_leaves_nothing_behind(tmp_path: Path) -> None:
    with Repository.create(tmp_path / "r.git") as repository:
        view = repository._git.git_dir
        repository.blobs([repository.write_blob(b"1")])
        assert view.is_dir()
    assert not view.exists()


def test_objects_of_a_push_are_read_from_where_git_keeps_them_until_it_is_accepted() -> None:
    found = quarantine_in(
        {"GIT_OBJECT_DIRECTORY": "./objects/incoming", "GIT_QUARANTINE_PATH": "x", "HOME": "y"},
        Path("/r.git"),
    )
    assert found == {"GIT_OBJECT_DIRECTORY": "/r.git/objects/incoming"}


def test_outside_of_a_hook_there_is_no_quarantine() -> None:
    assert not quarantine_in({"HOME": "y"}, Path("/r.git"))
