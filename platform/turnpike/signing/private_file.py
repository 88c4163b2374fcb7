"""Private files: made for their owner alone, and refused when others can read them."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from turnpike.errors import InputError


def write_private(file: Path, content: bytes) -> None:
    """Write a new file that only its owner may read; raises InputError where it exists."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError as error:
        raise InputError(
            f"Expected no file at {file}, found one.",
            solution="A private key is never overwritten: choose another name, or move it away.",
            code="signing.key-exists",
        ) from error
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def read_private(file: Path) -> bytes:
    """Return a private file's content; raises InputError if it is missing or others may read it."""
    try:
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise InputError(
            f"Cannot read the private key {file}: {error.strerror}.",
            solution="Name the file that `turnpike init` made for this role.",
            code="signing.no-key",
        ) from error
    with os.fdopen(handle, "rb") as opened:
        # Asked of the open file, so that it can't be another one by the time it is read.
        rights = stat.S_IMODE(os.fstat(handle).st_mode)
        if rights & 0o077:
            raise InputError(
                f"Expected {file} to be readable by its owner alone, found mode {rights:04o}.",
                solution=f"chmod 600 {file}",
                code="signing.open-key",
            )
        return opened.read()
