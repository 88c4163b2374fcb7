"""The content-addressed store: ``<root>/<sha256 hex>/`` holds the artifact with that digest.

It is the bucket that the ``storage`` of an environment's target stands for; here a local folder.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from turnpike.documents.identifiers import Digest
from turnpike.errors import IntegrityError
from turnpike.registry.artifact_digest import artifact_digest, artifact_files


@dataclass(frozen=True, slots=True)
class ArtifactStore:
    """Artifacts by digest below one folder, which is made when the first one is put in."""

    root: Path

    def path_of(self, digest: Digest) -> Path:
        """Return where the artifact with that digest is or would be; nothing is verified."""
        return self.root / digest.removeprefix("sha256:")

    def has(self, digest: Digest) -> bool:
        """Tell whether a folder stands under that digest; nothing is verified."""
        return self.path_of(digest).is_dir()

    def put(self, folder: Path) -> Digest:
        """Copy an artifact folder into the store and return its digest; a second time is nothing.

        The copy appears under its digest whole or not at all.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".put-", dir=self.root))
        try:
            return self._put(folder, staging / "artifact")
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def verify(self, digest: Digest) -> None:
        """Raise IntegrityError unless the bytes under the digest are the bytes of the digest."""
        verify_artifact(self.path_of(digest), digest)

    def _put(self, folder: Path, copy: Path) -> Digest:
        copy_artifact(folder, copy)
        # The digest is taken of the copy: the folder may change while it is being read.
        digest = artifact_digest(copy)
        if self.has(digest):
            self.verify(digest)
            return digest
        try:
            copy.rename(self.path_of(digest))
        except OSError:
            # Another process put the same artifact between the look and the rename.
            self.verify(digest)
        return digest


def copy_artifact(folder: Path, into: Path) -> None:
    """Copy an artifact's files, and only those, into a new folder that anybody may read."""
    files = artifact_files(folder)
    into.mkdir(parents=True)
    for path in files:
        shutil.copyfile(path, into / path.name, follow_symlinks=False)
        (into / path.name).chmod(0o644)
    into.chmod(0o755)


def verify_artifact(folder: Path, digest: Digest) -> None:
    """Raise IntegrityError unless a folder holds the artifact with that digest."""
    found = artifact_digest(folder)
    if found != digest:
        raise IntegrityError(
            f"{folder}: expected the artifact {digest}, found {found}",
            code="artifact.digest-mismatch",
            solution="Do not serve it. Put the registered bytes back, then find out who changed "
            "them: runbooks/ModelArtifactVerificationFailed.md.",
        )
