from __future__ import annotations

from turnpike.documents.identifiers import ObjectId
from turnpike.git.merging import clashes, folders_above, merge_paths
from turnpike.git.objects import Entry, TreeChange

OLD, OURS, THEIRS, BOTH = (ObjectId(digit * 40) for digit in "abcd")


def _entry(object_: ObjectId | None, mode: str = "100644") -> Entry | None:
    return Entry(mode, object_, 0) if object_ else None


def _change(old: ObjectId | None, new: ObjectId | None, mode: str = "100644") -> TreeChange:
    return TreeChange(b"a", _entry(old), _entry(new, mode))


def _merged(_: ObjectId, __: ObjectId, ___: ObjectId) -> ObjectId | None:
    return BOTH


def _conflicting(_: ObjectId, __: ObjectId, ___: ObjectId) -> ObjectId | None:
    return None


def test_what_only_they_changed_is_taken_over() -> None:
    assert merge_paths((), (_change(OLD, THEIRS),), _conflicting).edits == {
        b"a": ("100644", THEIRS)
    }
    assert merge_paths((), (_change(OLD, None),), _conflicting).edits == {b"a": None}


def test_what_only_we_changed_stays_as_it_is() -> None:
    assert merge_paths((_change(OLD, OURS),), (), _conflicting).edits == {}


def test_the_same_change_on_both_sides_is_no_conflict() -> None:
    change = _change(OLD, OURS)
    assert merge_paths((change,), (change,), _conflicting).conflicts == ()


def test_lines_are_merged_where_both_sides_changed_a_file() -> None:
    ours, theirs = (_change(OLD, OURS),), (_change(OLD, THEIRS),)
    assert merge_paths(ours, theirs, _merged).edits == {b"a": ("100644", BOTH)}
    assert merge_paths(ours, theirs, _conflicting).conflicts == (b"a",)


def test_a_mode_and_a_content_changed_apart_are_both_taken() -> None:
    ours, theirs = (_change(OLD, OLD, "100755"),), (_change(OLD, THEIRS),)
    assert merge_paths(ours, theirs, _conflicting).edits == {b"a": ("100755", THEIRS)}
    assert merge_paths(theirs, ours, _conflicting).edits == {b"a": ("100755", THEIRS)}


def test_a_removal_against_a_change_is_a_conflict() -> None:
    gone, changed = (_change(OLD, None),), (_change(OLD, THEIRS),)
    assert merge_paths(gone, changed, _merged).conflicts == (b"a",)
    assert merge_paths(changed, gone, _merged).conflicts == (b"a",)


def test_two_new_files_and_anything_that_is_no_file_are_conflicts() -> None:
    assert merge_paths((_change(None, OURS),), (_change(None, THEIRS),), _merged).conflicts
    link = (_change(OLD, THEIRS, "120000"),)
    assert merge_paths((_change(OLD, OURS),), link, _merged).conflicts


def test_a_path_can_not_be_file_and_folder_at_once() -> None:
    edits = {b"d/a": ("100644", THEIRS)}
    assert clashes(edits, {b"d": "blob"}, {}) == (b"d/a",)
    assert clashes(edits, {b"d": "tree"}, {}) == ()
    assert clashes(edits | {b"d": None}, {b"d": "blob"}, {}) == ()
    file = {b"d": ("100644", THEIRS)}
    assert clashes(file, {b"d": "tree"}, {b"d/a": b"d"}) == (b"d",)
    assert clashes(file | {b"d/a": None}, {b"d": "tree"}, {b"d/a": b"d"}) == ()


def test_the_folders_above_a_path_begin_with_the_outermost() -> None:
    assert folders_above(b"a/b/c") == [b"a", b"a/b"]
    assert folders_above(b"a") == []
