"""The digest of everything that a validation program is built from.

Debian's packages change under one name, so what a base file system held is part of it; the digest
of an image is not, because two builds of the same inputs differ in their timestamps.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.errors import InputError

_SETTINGS = (
    "pants.toml", "tools/locks/BUILD", "tools/locks/validation.in", "tools/locks/validation.lock",
    "tools/pants/macros.py",
)  # fmt: skip
_FOLDERS = ("tools/images", "tools/runner")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The digests of the platform's program, of the libraries alone, and of each team's program."""

    platform: Digest
    libraries: Digest
    teams: dict[str, Digest]


def inputs_of(source: Path, models: tuple[str, ...], packages: Digest) -> Inputs:
    """Return the digests for a materialised tree; ``packages`` is that of the base file system.

    Raises InputError where a file of the list is missing or is not a regular file.
    """
    settings: dict[str, JsonValue] = {name: _digest(source / name) for name in _SETTINGS}
    folders: dict[str, JsonValue] = {name: _tree(source / name) for name in _FOLDERS}
    libraries = _together({"packages": packages, **settings, "images": folders["tools/images"]})
    platform = _together({"packages": packages, **settings, **folders})
    teams = {key: _together(_of_team(source, key, platform)) for key in models}
    return Inputs(platform, libraries, teams)


def _of_team(source: Path, key: str, platform: Digest) -> dict[str, JsonValue]:
    folder = source / "models" / key
    build, checks = _digest(folder / "BUILD"), _tree(folder / "checks")
    return {"platform": platform, "model": key, "build": build, "checks": checks}


def _tree(folder: Path) -> dict[str, JsonValue]:
    return {path.relative_to(folder).as_posix(): _digest(path) for path in _files(folder)}


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if "__pycache__" not in path.parts and (path.is_symlink() or not path.is_dir()):
            yield path


def _digest(path: Path) -> Digest:
    if path.is_symlink() or not path.is_file():
        raise InputError(
            f"{path}: expected a regular file to build a validation program from, found none.",
            code="build.missing-file",
            solution="Restore the file; a model's folder needs its BUILD and its checks/.",
        )
    return digest_of(path.read_bytes())


def _together(value: JsonValue) -> Digest:
    return digest_of(canonical(value))
