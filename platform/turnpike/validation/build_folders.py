"""Programs as folders for bubblewrap: each PEX, and one folder of compiled libraries for all."""

from __future__ import annotations

import compileall
import py_compile
import shutil
import tempfile
from pathlib import Path

from turnpike.documents.identifiers import Digest
from turnpike.validation.build_base import put_in_place

_TESTS = shutil.ignore_patterns("tests", "test")


def folder_of(cache: Path, kind: str, inputs: Digest) -> Path:
    """Return where the cache keeps what was built from the inputs, whether it is there or not."""
    return cache / "programs" / f"{kind}-{inputs[7:39]}"


def keep_program(built: Path, folder: Path) -> None:
    """Copy a packaged PEX of sources into the cache."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="keeping-", dir=folder.parent))
    try:
        shutil.copytree(built, work, dirs_exist_ok=True, symlinks=True)
        put_in_place(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def keep_libraries(built: Path, folder: Path) -> None:
    """Copy a packaged PEX of libraries, without their tests, and compile it: inside nobody can."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="keeping-", dir=folder.parent))
    try:
        shutil.copytree(built / ".deps", work / ".deps", ignore=_TESTS)
        compileall.compile_dir(
            work, quiet=2, workers=0,
            invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
        )  # fmt: skip
        put_in_place(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
