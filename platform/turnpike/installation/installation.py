"""The gate's own code comes from the base commit: an installation of it in the user's cache.

A pull request is data; were the judge run from the checkout that is being judged, the change could
rewrite its own judge (invariant 3). An installation is named after the digest of what is in it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from turnpike.documents.identifiers import ObjectId
from turnpike.git.repository import Repository
from turnpike.installation.naming import CONTENT, folder_for


def installation_of(repository: Repository, base: ObjectId) -> Path:
    """Return the folder of the base's installation, written first where it is missing."""
    content = _content_of(repository, base)
    folder = folder_for(content)
    if not folder.exists():
        _write(repository, base, content, folder)
    return folder


def _write(repository: Repository, base: ObjectId, paths: Iterable[str], folder: Path) -> None:
    """Write the files beside the folder first, so that it is there whole or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as name:
        fresh = Path(name) / "content"
        repository.materialise(base, paths, fresh)
        compile_code(fresh / "platform" / "turnpike", folder / "platform" / "turnpike")
        try:
            fresh.rename(folder)
        except OSError:
            # Another process was quicker; what it wrote has the same name, so the same content.
            if not folder.exists():
                raise


def compile_code(code: Path, place: Path) -> None:
    """Compile code once instead of at every start; ``place`` is where it will lie."""
    import compileall

    compileall.compile_dir(code, ddir=str(place), quiet=2)


def _content_of(repository: Repository, commit: ObjectId) -> dict[str, ObjectId]:
    found = {p: repository.tree_id(commit, p) or repository.blob_id(commit, p) for p in CONTENT}
    return {path: object_ for path, object_ in found.items() if object_}


def source_of(
    repository: Repository, base: ObjectId, heads: Mapping[str, ObjectId], folder: Path
) -> Path:
    """Write the base's code and, of each head, only the folder of its model (``team/model``).

    Whatever else a head changes cannot bear on how the containers are built.
    """
    repository.materialise(base, _content_of(repository, base), folder)
    for model, head in heads.items():
        repository.materialise(head, [f"models/{model}"], folder)
    return folder
