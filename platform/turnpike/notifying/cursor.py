"""How far a sink was told: one small file for each sink, and a lock while it is told."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from turnpike.documents.canonical import canonical_document
from turnpike.documents.document import Part
from turnpike.documents.identifiers import ObjectIdText, digest_of
from turnpike.errors import Interrupted, Unavailable

FOLDER = "notifications"
"""Where an instance keeps the places of its sinks."""


class Place(Part):
    """The last event that a sink has, and the commit of the record that it is from.

    Of a digest of what waits, the commit of main that it was told on.
    """

    commit: ObjectIdText
    event: str


_PLACE: TypeAdapter[Place] = TypeAdapter(Place)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The file that keeps a sink's place; its name tells nothing of the sink."""

    file: Path

    def read(self) -> Place | None:
        """Return the place; None where the sink was never told anything.

        Raises Unavailable for a file that is no place.
        """
        try:
            return _PLACE.validate_json(self.file.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError as error:
            raise Unavailable(
                f"{self.file}: expected a place in the record, found something else",
                code="notify.cursor",
                solution="Delete the file, and begin anew with --since.",
            ) from error

    def write(self, place: Place) -> None:
        """Put the new place where the old one is, in one step."""
        partial = self.file.with_suffix(".partial")
        with partial.open("wb") as file:
            file.write(canonical_document(place))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self.file)


@contextmanager
def cursor_of(folder: Path, key: str) -> Iterator[Cursor]:
    """Yield the cursor of the sink with that key, while no other process holds it.

    Raises Interrupted where one does.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    name = digest_of(key.encode()).removeprefix("sha256:")
    lock = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Interrupted(
                "Another process is telling this sink right now.",
                code="notify.running",
                solution="Let it go on, or end it first.",
            ) from error
        yield Cursor(folder / f"{name}.json")
    finally:
        os.close(lock)
