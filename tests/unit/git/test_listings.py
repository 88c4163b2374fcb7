from __future__ import annotations

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.listings import changes_by_commit, changes_in, files_in
from turnpike.git.objects import Entry, TreeChange

A, B, NONE = ("a" * 40, "b" * 40, "0" * 40)


def test_an_added_and_a_removed_path_have_one_side_each() -> None:
    output = f":000000 100644 {NONE} {A} A\0new\0:100755 000000 {B} {NONE} D\0old\0".encode()
    found = changes_in(output, lambda ids: dict.fromkeys(ids, 7))
    assert found == (
        TreeChange(b"new", None, Entry("100644", ObjectId(A), 7)),
        TreeChange(b"old", Entry("100755", ObjectId(B), 7), None),
    )


def test_sizes_are_asked_of_blobs_and_links_only() -> None:
    asked: list[ObjectId] = []

    def sizes(ids: object) -> dict[ObjectId, int]:
        assert hasattr(ids, "__iter__")
        asked.extend(ids)
        return {}

    changes_in(f":120000 160000 {A} {B} T\0x\0".encode(), sizes)
    assert asked == [A]


def test_what_is_called_a_file_and_is_no_blob_is_refused() -> None:
    """A merge would bring it to main; a file that goes away needs no content any more."""
    output = f":000000 100644 {NONE} {A} A\0new\0:100755 000000 {B} {NONE} D\0old\0".encode()
    with pytest.raises(InputError, match="'new': expected the content of a file") as refused:
        changes_in(output, lambda _: {})
    assert refused.value.code == "git.no-file"
    assert changes_in(output, lambda _: {ObjectId(A): 7})


def test_changes_are_told_apart_by_their_commits() -> None:
    output = f"{A}\0:000000 100644 {NONE} {B} A\0x\n{B}\0{B}\0".encode()
    first, second = changes_by_commit(output)
    assert (first.commit, [c.path for c in first.changes]) == (A, [b"x\n" + B.encode()])
    assert (second.commit, second.changes) == (B, ())


def test_a_path_with_odd_bytes_is_kept_as_it_is() -> None:
    output = f"100644 blob {A}       3\ta\n\t".encode() + b"\xff\0"
    assert files_in(output) == {"a\n\t\udcff": Entry("100644", ObjectId(A), 3)}
