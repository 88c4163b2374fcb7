from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.git.pack import NewObject, object_id, pack_of
from turnpike.git.repository import Repository
from unit.git.folder import real_git


def test_an_object_has_the_name_that_git_gives_it() -> None:
    assert object_id("blob", b"hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a"


@settings(max_examples=10, deadline=None)
@given(st.lists(st.binary(max_size=5000), min_size=1, max_size=5))
def test_git_unpacks_what_was_packed(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]
) -> None:
    blobs = [NewObject("blob", content) for content in contents]
    with Repository.create(tmp_path_factory.mktemp("pack")) as repository:
        repository.write(blobs)
        assert repository.blobs(b.id for b in blobs) == {b.id: b.content for b in blobs}


def test_a_size_that_needs_several_bytes_is_packed_whole(tmp_path: Path) -> None:
    blob = NewObject("blob", b"x" * 3_000_000)
    with Repository.create(tmp_path / "r.git") as repository:
        repository.write([blob])
    assert real_git(tmp_path / "r.git", "cat-file", "-s", blob.id) == "3000000"


def test_a_pack_begins_with_its_version_and_its_number_of_objects() -> None:
    pack = pack_of([NewObject("blob", b"a"), NewObject("blob", b"b")])
    assert pack[:12] == b"PACK\0\0\0\2\0\0\0\2"
