"""A folder that appears whole or not at all, and is made by one process at a time."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from turnpike.errors import InputError, Interrupted

_LOCK = ".lock"
_SETTLING_SECONDS = 10.0


@contextmanager
def making(folder: Path) -> Iterator[Path]:
    """Yield an empty folder beside ``folder``, which takes its place when the block ends well.

    What a killed process left behind is removed first; its lock ended with it. Raises Interrupted
    where another process is making the same folder, InputError where something stands in its
    place, or where nothing can be written there.
    """
    partial = folder.with_name(f".{folder.name}.partial")
    lock = _locked(partial, folder)
    with ExitStack() as cleaning:
        cleaning.callback(os.close, lock)
        with ExitStack() as undoing:
            undoing.callback(shutil.rmtree, partial, ignore_errors=True)
            _require_free(folder)
            _empty(partial, folder)
            yield partial
            partial.rename(folder)
            # From here on, what stands at the partial name is somebody else's.
            undoing.pop_all()
        (folder / _LOCK).unlink()


def _locked(partial: Path, folder: Path) -> int:
    try:
        partial.mkdir(parents=True, exist_ok=True)
        lock = os.open(partial / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Whoever held the lock may have finished, and taken this very file away, since it was
        # opened; then it guards nothing.
        mine = os.fstat(lock).st_ino == (partial / _LOCK).stat().st_ino
    except OSError:
        mine = False
    if not mine:
        os.close(lock)
        raise Interrupted(
            f"Another process is making {folder} right now.",
            solution="Wait until it has ended, then run the command again.",
            code="instance.being-made",
        )
    return lock


def _require_free(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(
            f"Expected {folder} to be new or an empty folder, found something in it.",
            solution="Name another folder.",
            code="instance.folder-taken",
        )


def _empty(partial: Path, folder: Path) -> None:
    for left in partial.iterdir():
        if left.name == _LOCK:
            continue
        try:
            if left.is_dir() and not left.is_symlink():
                _remove(left)
            else:
                left.unlink()
        except OSError as error:
            raise _unwritable(folder, error) from error


def _remove(left: Path) -> None:
    """Remove a folder in which a child of the killed process may still write for a moment."""
    deadline = time.monotonic() + _SETTLING_SECONDS
    while True:
        try:
            shutil.rmtree(left)
        except OSError as error:
            if error.errno != errno.ENOTEMPTY or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _unwritable(folder: Path, error: OSError) -> InputError:
    return InputError(
        f"Expected to be able to write {folder}: {error.strerror}.",
        solution="Name a folder in a place that is yours.",
        code="instance.cannot-write",
    )
