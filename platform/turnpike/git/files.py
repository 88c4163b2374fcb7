"""Files of a tree written into a folder, byte for byte, and never outside of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from turnpike.errors import InputError
from turnpike.git.objects import EXECUTABLE, REGULAR, Entry

_RIGHTS = {REGULAR: 0o644, EXECUTABLE: 0o755}


def write_files(folder: Path, entries: Mapping[str, Entry], contents: Iterable[bytes]) -> None:
    """Write each entry's content, which comes in the same order, with the mode that git keeps."""
    for path, entry in entries.items():
        _require_plain(path, entry)
    made: set[Path] = set()
    for (path, entry), content in zip(entries.items(), contents, strict=True):
        target = folder / path
        if target.parent not in made:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.add(target.parent)
        _write(target, content, _RIGHTS[entry.mode])


def _require_plain(path: str, entry: Entry) -> None:
    steps = path.split("/")
    odd = any(s in {"", ".", ".."} or s.lower() == ".git" or "\\" in s for s in steps)
    if odd or entry.mode not in _RIGHTS:
        raise InputError(
            f"Expected a regular file with a plain path, found {path!r} with mode {entry.mode}.",
            solution="Symbolic links, submodules and odd names have no place in the monorepo.",
            code="git.odd-file",
        )


def _write(target: Path, content: bytes, rights: int) -> None:
    # O_EXCL and O_NOFOLLOW: a path that is there already, or twice in a hostile tree, is refused.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        handle = os.open(target, flags, rights)
    except OSError as error:
        raise InputError(
            f"Cannot write {target}: {error.strerror}.",
            solution="Name a folder that is empty and yours.",
            code="git.cannot-write",
        ) from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        os.fchmod(file.fileno(), rights)
