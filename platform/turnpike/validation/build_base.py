"""The file system that validation runs on: a minimal Debian, made once and kept in the cache."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.errors import Unavailable
from turnpike.sandbox.interface import Root

_RECIPE = "tools/images/rootfs"
_PYTHON = "/usr/bin/python3"
_SECONDS = 900.0
_KEPT = ("PATH", "TMPDIR", "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "no_proxy")


@dataclass(frozen=True, slots=True)
class Base:
    """A file system with CPython 3.11: its packages by digest, its tar (none: this machine's)."""

    packages: Digest
    python: str
    root: Root
    archive: Path | None = None


def base_system(source: Path, cache: Path, say: Callable[[str], None]) -> Base:
    """Return the base that the tree's recipe makes; makes it when the cache has none.

    Raises Unavailable where mmdebstrap is missing or fails.
    """
    recipe = source / _RECIPE
    folder = cache / "rootfs" / digest_of(recipe.read_bytes())[7:23]
    if not folder.is_dir():
        say("making the base file system of the validation containers (Debian, once)")
        _make(recipe, folder)
    archive = folder / "base.tar"
    packages = digest_of((folder / "packages.txt").read_bytes())
    return Base(packages, _PYTHON, Root(folder / "root"), archive)


def machine_system() -> Base:
    """Return this machine's own ``/usr`` and Python as a base, for bubblewrap alone."""
    said = " ".join((platform.platform(), platform.python_version(), *platform.libc_ver()))
    return Base(digest_of(said.encode()), f"{sys.base_prefix}/bin/python3.11", Root())


def can_make_a_base() -> bool:
    """Tell whether this machine has what the recipe runs."""
    return shutil.which("mmdebstrap") is not None


def _make(recipe: Path, folder: Path) -> None:
    if not can_make_a_base():
        raise Unavailable(
            "The base file system of the validation containers is made by mmdebstrap, "
            "which is not on PATH.",
            code="build.base-missing",
            solution="apt-get install mmdebstrap, or choose --sandbox bubblewrap",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix="making-", dir=folder.parent))
    try:
        archive = work / "base.tar"
        _run(("sh", str(recipe), str(archive)), "mmdebstrap")
        _unpack(archive, work / "root")
        (work / "packages.txt").write_text("".join(_packages(work / "root")))
        put_in_place(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def put_in_place(work: Path, folder: Path) -> None:
    """Give a finished folder its name, unless another process was first."""
    work.chmod(0o755)
    try:
        work.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise


def _unpack(archive: Path, root: Path) -> None:
    root.mkdir()
    command = ("tar", "--extract", "--file", str(archive), "--directory", str(root))
    _run((*command, "--no-same-owner", "--exclude", "./dev/*"), "tar")


def _packages(root: Path) -> Iterator[str]:
    name = ""
    for line in (root / "var/lib/dpkg/status").read_text().splitlines():
        field, _, value = line.partition(": ")
        if field == "Package":
            name = value
        if field == "Version":
            yield f"{name}={value}\n"


def _run(command: tuple[str, ...], what: str) -> None:
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    done = subprocess.run(
        command, env=environment, capture_output=True, check=False, timeout=_SECONDS,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    if done.returncode != 0:
        raise Unavailable(
            f"{what} could not make the base file system: "
            f"{done.stderr.decode(errors='replace').strip()[-500:]}",
            code="build.base-failed",
            solution="Look whether Debian's mirror is reachable from here; then run again.",
        )
