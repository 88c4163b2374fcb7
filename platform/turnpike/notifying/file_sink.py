"""A file of events, one line of JSON each: appended whole, or not at all."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from turnpike.errors import InputError, Unavailable
from turnpike.notifying.event import Event

_LONGEST_LINE = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileSink:
    """Appends to ``path``; what a killed writer left of a line is taken away first."""

    path: Path

    @property
    def key(self) -> str:
        """Return the file's absolute path."""
        return f"file:{self.path.absolute()}"

    def __str__(self) -> str:
        """Return the file as it was named."""
        return f"file:{self.path}"

    def send(self, event: Event) -> None:
        """Append one line and have it on the disk before returning."""
        line = json.dumps(event.envelope(), separators=(",", ":")).encode() + b"\n"
        try:
            with _locked(self.path) as file:
                _append(file, self.path, line)
        except OSError as error:
            raise Unavailable(
                f"{self}: expected to append to it, got: {error.strerror}",
                code="notify.file",
                solution="Make room or correct the path; then run the same command again.",
            ) from error


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file
    finally:
        os.close(file)


def _append(file: int, path: Path, line: bytes) -> None:
    end = _whole_lines(file, path)
    os.ftruncate(file, end)
    try:
        _write(file, line)
    except OSError:
        os.ftruncate(file, end)
        raise


def _write(file: int, line: bytes) -> None:
    if os.write(file, line) != len(line):
        raise OSError(errno.ENOSPC, "only part of a line found room")
    os.fsync(file)


def _whole_lines(file: int, path: Path) -> int:
    """Return where the last whole line ends; refuses a rest that no event began."""
    size = os.fstat(file).st_size
    start = max(0, size - _LONGEST_LINE)
    tail = os.pread(file, size - start, start) if size and not _ends(file, size) else b"\n"
    rest = tail[tail.rfind(b"\n") + 1 :]
    if rest and not (b'{"specversion"'.startswith(rest[:14]) and rest[-1:] != b"\n"):
        raise InputError(
            f"file:{path}: expected a file of events, found a last line that is none",
            code="notify.not-events",
            solution="Name a file of its own.",
        )
    return size - len(rest)


def _ends(file: int, size: int) -> bool:
    return os.pread(file, 1, size - 1) == b"\n"
