"""Copies of a job's inputs that the unprivileged user inside a container can read.

A bind mount keeps owner and mode, so a private folder would be unreadable inside; a copy also
stays as it was checked, whatever happens to the original during the run.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from turnpike.sandbox.interface import Mount


@contextmanager
def staged(mounts: tuple[Mount, ...]) -> Iterator[tuple[Mount, ...]]:
    """Yield mounts of readable copies in a folder that nobody else on this machine can enter."""
    folder = Path(tempfile.mkdtemp(prefix="turnpike-inputs-"))
    try:
        yield tuple(
            Mount(_copy(mount.source, folder / str(number)), mount.target)
            for number, mount in enumerate(mounts)
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(source: Path, target: Path) -> Path:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, copy_function=shutil.copyfile)
        for path in (target, *target.rglob("*")):
            _let_read(path)
    else:
        shutil.copyfile(source, target)
        _let_read(target)
    return target


def _let_read(path: Path) -> None:
    if not path.is_symlink():
        path.chmod(0o755 if path.is_dir() else 0o644)
