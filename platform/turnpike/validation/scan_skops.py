"""Looks into a skops file: a zip of one schema and plain arrays, with types from our list alone."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

from turnpike.registry.trusted_types import TRUSTED_TYPES
from turnpike.validation.refused_file import RefusedFile
from turnpike.validation.scan_pickle import is_pickle

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCHEMA = "schema.json"
_MEMBER = re.compile(r"[A-Za-z0-9_-]{1,64}\.(npy|npz|bin)")
_UNPACKED_LIMIT = 4 * 1024 * 1024 * 1024
# What skops' reader may run into on a hostile schema: it walks it without checking its shape.
_DAMAGE = (
    ArithmeticError, AttributeError, ImportError, LookupError, MemoryError, OSError, RuntimeError,
    TypeError, ValueError, zipfile.BadZipFile,
)  # fmt: skip


def check_skops(content: bytes) -> None:
    """Raise RefusedFile unless the bytes are a skops file that can be loaded safely."""
    for name, member in _members(content):
        if name == _SCHEMA:
            continue
        if not _MEMBER.fullmatch(name):
            raise RefusedFile("a schema and arrays inside model.skops", repr(name[:80]))
        _check_member(name, member)
    _check_types(content)


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield every member of the zip, whose sizes add up to something sane, each name once."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            for entry in entries:
                yield entry.filename, archive.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise RefusedFile("a zip file", f"another format ({error})") from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if names.count(_SCHEMA) != 1 or len(set(names)) != len(names):
        raise RefusedFile("one schema.json and each name once", f"{len(names)} members")
    if sum(entry.file_size for entry in entries) > _UNPACKED_LIMIT:
        raise RefusedFile(f"at most {_UNPACKED_LIMIT} bytes unpacked", "more")


def _check_member(name: str, content: bytes) -> None:
    if name.endswith(".npz"):
        for inner, member in _arrays(content):
            _check_array(f"{name}/{inner}", member)
    elif name.endswith(".npy"):
        _check_array(name, content)
    elif is_pickle(content):
        raise RefusedFile("plain bytes", f"a pickle in {name}")


def _arrays(content: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > _UNPACKED_LIMIT:
                raise RefusedFile(f"at most {_UNPACKED_LIMIT} bytes unpacked", "more")
            for entry in archive.infolist():
                yield entry.filename, archive.read(entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise RefusedFile("a zip of arrays", f"another format ({error})") from error


def _check_array(name: str, content: bytes) -> None:
    """Raise RefusedFile unless the bytes are one array of numbers or text, and nothing after it."""
    import numpy as np

    stream = io.BytesIO(content)
    try:
        array = np.lib.format.read_array(stream, allow_pickle=False)
    except (ValueError, TypeError, SyntaxError, EOFError, OSError, MemoryError) as error:
        raise RefusedFile("a plain NumPy array", f"{name}: {error}") from error
    if stream.read(1) or array.dtype.hasobject:
        raise RefusedFile("a plain NumPy array and nothing after it", name)


def _check_types(content: bytes) -> None:
    import skops.io

    try:
        wanted = set(skops.io.get_untrusted_types(data=content))
    except _DAMAGE as error:
        raise RefusedFile("a schema that skops can read", type(error).__name__) from error
    if unknown := sorted(wanted - TRUSTED_TYPES):
        raise RefusedFile("only types that can be loaded safely", ", ".join(unknown))
