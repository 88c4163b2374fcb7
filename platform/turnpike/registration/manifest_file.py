"""The manifest on disk: read strictly, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """A manifest, the text that it was read from, and the folder that it stands in."""

    folder: Path
    text: str
    model: PredictiveModel | GenerativeModel

    @property
    def registry_model(self) -> str:
        """Return the name under which the model is registered, which nobody can choose."""
        return f"{self.model.team}.{self.model.name}"


def read_manifest(folder: Path) -> ManifestFile:
    """Return the manifest of a model's folder.

    Raises InputError where there is none, or where team and name differ from the folder.
    """
    path = folder / "model.yaml"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{path}: expected the manifest, found {error.strerror}",
            code="manifest.missing",
            solution="Name a folder models/<team>/<model>; `turnpike new` makes one.",
        ) from error
    model = read(MODEL, content, str(path))
    _require_place(folder, model.key)
    return ManifestFile(folder, content.decode(), model)


def replace_manifest(manifest: ManifestFile, text: str) -> None:
    """Write the manifest's new text in one step, unless somebody has edited it meanwhile."""
    path = manifest.folder / "model.yaml"
    if path.read_bytes().decode() != manifest.text:
        raise InputError(
            f"{path}: expected the manifest as it was read, found that it was edited meanwhile",
            code="manifest.edited",
            solution="Run `turnpike register` again; what was registered is found again.",
        )
    if text == manifest.text:
        return
    descriptor, name = tempfile.mkstemp(prefix=".model.yaml-", dir=manifest.folder)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode())
        Path(name).chmod(path.stat().st_mode & 0o777)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def _require_place(folder: Path, key: str) -> None:
    found = "/".join(folder.absolute().parts[-2:])
    if found != key:
        raise InputError(
            f"{folder / 'model.yaml'}: expected team and name {found} as the folder has them, "
            f"found {key}",
            code="manifest.place",
            solution="Rename the folder, or correct team and name.",
        )
