"""What git prints, NUL-separated, as values; nothing here runs git."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.git.objects import CommitChanges, Entry, TreeChange

_NO_MODE = "000000"
_Raw = tuple[bytes, str, str, ObjectId, ObjectId]


def unsized_changes_in(output: bytes) -> tuple[TreeChange, ...]:
    """Return the changes that ``diff-tree -r -z`` prints for two trees; no sizes."""
    return tuple(_change(item, {}) for item in _raw_changes(iter(output.split(b"\0"))))


def changes_in(
    output: bytes, sizes_of: Callable[[Iterable[ObjectId]], Mapping[ObjectId, int]]
) -> tuple[TreeChange, ...]:
    """Return the changes that ``diff-tree -r -z`` prints for two trees.

    ``sizes_of`` knows the blobs. Raises InputError where what became a file is none of them.
    """
    raw = list(_raw_changes(iter(output.split(b"\0"))))
    ids = [i for _, old, new, a, b in raw for mode, i in ((old, a), (new, b)) if _is_blob(mode)]
    sizes = sizes_of(ids)
    for path, _, mode, _, object_ in raw:
        if _is_blob(mode) and object_ not in sizes:
            raise _no_file(path, object_)
    return tuple(_change(item, sizes) for item in raw)


def _no_file(path: bytes, object_: ObjectId) -> InputError:
    return InputError(
        f"{path.decode('utf-8', 'backslashreplace')!r}: expected the content of a file, found the"
        f" object {object_}, which is none or is not in this clone.",
        solution="Nothing honest writes such a tree: write it again with git, or fetch everything.",
        code="git.no-file",
    )


def changes_by_commit(output: bytes) -> Iterator[CommitChanges]:
    """Yield the changes that ``diff-tree --stdin -r -z --always`` prints for commits; no sizes."""
    commit: ObjectId | None = None
    found: list[TreeChange] = []
    parts = iter(output.split(b"\0"))
    for part in parts:
        if part.startswith(b":"):
            found.append(_change(_raw_change(part, next(parts)), {}))
            continue
        if commit:
            yield CommitChanges(commit, tuple(found))
        commit, found = ObjectId(part.decode().strip()), []
    if commit:
        yield CommitChanges(commit, tuple(found))


def _raw_changes(parts: Iterator[bytes]) -> Iterator[_Raw]:
    for header in parts:
        if header:
            yield _raw_change(header, next(parts))


def _raw_change(header: bytes, path: bytes) -> _Raw:
    """Read ``:<old mode> <new mode> <old id> <new id> <status>``."""
    old_mode, new_mode, old, new, _ = header.decode().removeprefix(":").split(" ")
    return path, old_mode, new_mode, ObjectId(old), ObjectId(new)


def _change(raw: _Raw, sizes: Mapping[ObjectId, int]) -> TreeChange:
    path, old_mode, new_mode, old, new = raw
    return TreeChange(path, _entry(old_mode, old, sizes), _entry(new_mode, new, sizes))


def _entry(mode: str, object_: ObjectId, sizes: Mapping[ObjectId, int]) -> Entry | None:
    return None if mode == _NO_MODE else Entry(mode, object_, sizes.get(object_, 0))


def _is_blob(mode: str) -> bool:
    return mode.startswith(("100", "120"))


def files_in(output: bytes) -> dict[str, Entry]:
    """Return the entries that ``ls-tree -r -z -l`` prints, by path."""
    found: dict[str, Entry] = {}
    for line in output.split(b"\0")[:-1]:
        header, _, path = line.partition(b"\t")
        mode, _, object_, size = header.decode().split()
        entry = Entry(mode, ObjectId(object_), int(size) if size.isdigit() else 0)
        found[path.decode("utf-8", "surrogateescape")] = entry
    return found
