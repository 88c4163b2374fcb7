"""Signed statements that wait beside a clone until a pull request can carry them.

``turnpike register`` signs before there is a pull request; ``turnpike pr open`` attaches what is
about the artifacts of the manifests that it pushes. Envelopes vouch for themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import Digest
from turnpike.evidence.envelope import ENVELOPE, Envelope, statement_in
from turnpike.git.location import locate


def outbox_of(clone: Path) -> Path:
    """Return the folder beside a clone's objects, which all its working folders share."""
    return locate(clone).common_dir / "turnpike" / "outbox"


def keep(clone: Path, envelopes: Iterable[Envelope]) -> None:
    """Keep envelopes until they are attached to a pull request."""
    folder = outbox_of(clone)
    folder.mkdir(parents=True, exist_ok=True)
    for envelope in envelopes:
        name = envelope.digest().removeprefix("sha256:")
        (folder / f"{name}.json").write_bytes(canonical_document(envelope))


def kept_about(clone: Path, artifacts: Iterable[Digest]) -> tuple[Envelope, ...]:
    """Return the kept envelopes about any of the artifacts, in the order of their digests."""
    wanted = tuple(artifacts)
    found = []
    for file in sorted(outbox_of(clone).glob("*.json")):
        try:
            envelope = ENVELOPE.validate_json(file.read_bytes())
        except ValidationError:  # half written by a process that was killed: as if not there
            continue
        statement = statement_in(envelope)
        if statement and any(statement.is_about(artifact) for artifact in wanted):
            found.append(envelope)
    return tuple(found)
