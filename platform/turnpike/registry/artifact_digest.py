"""The digest of an artifact folder, by the rules of OpenSSF model signing.

Source: OpenSSF Model Signing 1.0, serialisation by files with SHA-256: every regular file is
hashed, the files are put in the order of their path's parts, and the digest of the folder is the
SHA-256 of the files' raw digests one after the other. No file is left out, not even ``.git*``.

A route (the one file ``route.json`` of a generative model) has no bytes of a model to sign: its
digest is that of the canonical document itself, which anybody can take from the manifest.

The rules are carried out here and not by the ``model_signing`` package, because that takes 1.5 s
to import and the same step runs in the init container that verifies an artifact before it is
served. tests/unit/registry/test_artifact_digest.py holds it against the package.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from turnpike.documents.identifiers import Digest
from turnpike.errors import IntegrityError

ROUTE = "route.json"
ARTIFACT_FILES = frozenset((
    "MLmodel", "conda.yaml", "input_example.json", "model.onnx", "model.skops", "python_env.yaml",
    "requirements.txt", ROUTE, "serving_input_example.json",
))  # fmt: skip
"""Every name that a file of an artifact may have. The digest covers the bytes and their order but
not the names, so that a file renamed within an open set of names would go unnoticed."""

_BLOCK = 1024 * 1024


def artifact_digest(folder: Path) -> Digest:
    """Return the digest of an artifact folder.

    Raises IntegrityError where the folder is missing or empty, or holds a link, a special file or
    a name that no artifact has.
    """
    files = artifact_files(folder)
    if [path.name for path in files] == [ROUTE]:
        return Digest("sha256:" + _digest_of_file(files[0]).hex())
    root = hashlib.sha256()
    for path in files:
        root.update(_digest_of_file(path))
    return Digest("sha256:" + root.hexdigest())


def artifact_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of an artifact in the canonical order of the rules."""
    if folder.is_symlink() or not folder.is_dir():
        raise _refusal(folder, "an artifact folder", "none there", "artifact.missing")
    found = sorted(_regular_files(folder), key=lambda path: path.relative_to(folder).parts)
    if not found:
        raise _refusal(folder, "an artifact folder", "an empty folder", "artifact.missing")
    return tuple(found)


def _regular_files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_symlink() or not path.is_file():
            kind = "a link" if path.is_symlink() else "a folder or special file"
            raise _refusal(path, "a regular file", kind, "artifact.unexpected-file")
        if path.name not in ARTIFACT_FILES:
            names = "one of " + ", ".join(sorted(ARTIFACT_FILES))
            raise _refusal(path, names, repr(path.name), "artifact.unexpected-file")
        yield path


def _digest_of_file(path: Path) -> bytes:
    hasher = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            hasher.update(block)
    return hasher.digest()


def _refusal(path: Path, expected: str, actual: str, code: str) -> IntegrityError:
    return IntegrityError(
        f"{path}: expected {expected}, found {actual}",
        code=code,
        solution="Register the model again: `turnpike register models/<team>/<model>`.",
    )
