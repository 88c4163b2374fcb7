from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from turnpike.git.lookup import blobs_at
from turnpike.git.process import Git
from turnpike.git.reading import ObjectReader
from turnpike.git.repository import Repository
from unit.git.folder import commit_files


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "r.git")


@pytest.fixture
def reader(repository: Repository) -> Iterator[ObjectReader]:
    reader = ObjectReader(Git(repository.path))
    yield reader
    reader.close()


def test_few_paths_are_looked_up_in_order_and_what_is_no_file_is_left_out(
    repository: Repository, reader: ObjectReader
) -> None:
    commit = commit_files(repository, {"a": b"1", "d/c": b"3"})
    found = blobs_at(reader, commit, ["d/c", "a", "none", "d", "d/none"])
    assert list(found) == ["d/c", "a"]
    assert repository.blobs(found.values()) == {found["a"]: b"1", found["d/c"]: b"3"}


def test_many_files_of_a_folder_are_read_by_the_folder_and_no_less_exactly(
    repository: Repository, reader: ObjectReader
) -> None:
    files = {f"{folder}{n}": b"%d" % n for folder in ("", "d/", "d/e/") for n in range(40)}
    commit = commit_files(repository, {**files})
    found = blobs_at(reader, commit, [*reversed(files), "d", "d/e", "none", "d/none", "d/0/x"])
    assert list(found) == [*reversed(files)]
    contents = repository.blobs(found.values())
    assert {path: contents[blob] for path, blob in found.items()} == files
    assert blobs_at(reader, commit, [f"gone/{n}" for n in range(40)]) == {}
