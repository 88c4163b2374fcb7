"""The verifying step: stored bytes reach a server only if they are the released artifact.

``python -m turnpike.delivery.verify_artifact --digest D --source FOLDER --destination FOLDER``

The init container of every rendered deployment runs it, and so does the local server, with the
same arguments. Exit codes: 0 the verified artifact is in the destination; 1 it is another artifact
or none, and the destination is empty; 2 bad usage; 3 the bytes could not be read or written.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from turnpike.documents.identifiers import Digest
from turnpike.errors import IntegrityError, TurnpikeError, Unavailable
from turnpike.registry.artifact_digest import ARTIFACT_FILES, artifact_digest, artifact_files

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class _Arguments:
    digest: Digest
    source: Path
    destination: Path


def verify_artifact(digest: Digest, source: Path, destination: Path) -> None:
    """Copy an artifact folder to a destination, and leave it there only if its digest is right.

    The destination is made if it is missing, and emptied of an artifact from an earlier attempt.
    Raises IntegrityError where the bytes are not the artifact, Unavailable where they cannot be
    read or written.
    """
    try:
        _clear(destination)
        _copy(source, destination)
        _require(digest, source, destination)
    except OSError as error:
        raise Unavailable(
            f"{error.filename or source}: expected files to copy, found {error.strerror}",
            code="artifact.unreadable",
            solution="Check the volume and its permissions, then start the step again.",
        ) from error


def _clear(destination: Path) -> None:
    destination.mkdir(parents=True, exist_ok=True)
    found = sorted(destination.iterdir())
    for path in found:
        if path.is_symlink() or not path.is_file() or path.name not in ARTIFACT_FILES:
            raise IntegrityError(
                f"{path}: expected an empty destination, found something that is no artifact",
                code="artifact.destination-in-use",
                solution="Give the step a folder of its own.",
            )
    for path in found:
        path.unlink()


def _copy(source: Path, destination: Path) -> None:
    for path in artifact_files(source):
        shutil.copyfile(path, destination / path.name, follow_symlinks=False)


def _require(digest: Digest, source: Path, destination: Path) -> None:
    # The digest is taken of the copy: what is served is what was compared, even if the source
    # changes between the two.
    found = artifact_digest(destination)
    if found != digest:
        _clear(destination)
        raise IntegrityError(
            f"{source}: expected the artifact {digest}, found {found}",
            code="artifact.digest-mismatch",
            solution="Nothing is served from it. Put the registered bytes back, then find out who "
            "changed them: runbooks/ModelArtifactVerificationFailed.md.",
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the step with the arguments of the command line and return its exit code."""
    given = _parsed(arguments)
    try:
        verify_artifact(given.digest, given.source, given.destination)
    except TurnpikeError as error:
        sys.stderr.write(f"verify-artifact: {error.code}\n  {error.message}\n")
        sys.stderr.write(f"  next: {error.solution}\n")
        return error.exit_code
    sys.stdout.write(f"verify-artifact: {given.destination} holds {given.digest}\n")
    return 0


def _parsed(arguments: Sequence[str] | None) -> _Arguments:
    parser = argparse.ArgumentParser(
        "verify_artifact", description=verify_artifact.__doc__, allow_abbrev=False
    )
    parser.add_argument(
        "--digest", required=True, action=_Once, type=_digest, help="sha256:<64 hex digits>"
    )
    parser.add_argument("--source", required=True, type=Path, help="the stored artifact")
    parser.add_argument("--destination", required=True, type=Path, help="where it is served from")
    given = parser.parse_args(arguments)
    return _Arguments(given.digest, given.source, given.destination)


class _Once(argparse.Action):
    """A second digest would count in place of the one that admission and observers read."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        if getattr(namespace, self.dest) is not None:
            parser.error(f"expected {option_string} once, found it twice")
        setattr(namespace, self.dest, values)


def _digest(text: str) -> Digest:
    if not _DIGEST.fullmatch(text):
        raise argparse.ArgumentTypeError(f"expected sha256:<64 hex digits>, found {text!r}")
    return Digest(text)


if __name__ == "__main__":
    sys.exit(main())
