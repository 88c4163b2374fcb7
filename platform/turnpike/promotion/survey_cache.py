"""What an earlier plan read of main and the record, believed only where its seal is whole.

Blobs never read otherwise, a tree never lists otherwise, and the record only grows: so what was
read once is right for good, and what came since is read beside it. The seal is HMAC-SHA256 over
the whole file, by a secret that lies beside the gate's own key: who could forge it could forge a
decision. A file that is lost, cut short or made up costs time and changes no plan; and no plan
decides anything, for the gate reads all of it anew.
"""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field, TypeAdapter, ValidationError

from turnpike.documents.document import Part
from turnpike.documents.identifiers import DigestText, ObjectIdText
from turnpike.evidence.predicates import Observation
from turnpike.manifest.release import Release
from turnpike.promotion.brief import Brief
from turnpike.promotion.soundness import Sound

_LARGEST = 256 * 1024 * 1024
_FORM = b"turnpike plan 3\n"
"""Goes up with every change of what a brief keeps, or of how it is read."""


class Kept(Part):
    """What was read: which blob stood where, what each says, and what observers were heard to say.

    ``trees`` are those of ``models`` and ``environments`` that were listed, ``record`` the commit
    of the record and ``keys`` the digest of the keys by which ``heard`` and ``sounds`` were
    weighed.
    """

    trees: tuple[str, str] = ("", "")
    manifests: dict[str, ObjectIdText] = Field(default_factory=dict)
    places: dict[str, ObjectIdText] = Field(default_factory=dict)
    briefs: dict[ObjectIdText, Brief] = Field(default_factory=dict)
    releases: dict[ObjectIdText, Release] = Field(default_factory=dict)
    record: str = ""
    keys: str = ""
    heard: dict[DigestText, tuple[Observation, ...]] = Field(default_factory=dict)
    sounds: dict[DigestText, Sound] = Field(default_factory=dict)


_KEPT: TypeAdapter[Kept] = TypeAdapter(Kept)


@dataclass(frozen=True, slots=True)
class SurveyCache:
    """The file of an instance's plans, and the secret that seals it."""

    file: Path
    secret: bytes

    def read(self) -> Kept:
        """Return what is kept; nothing at all where the seal is not whole."""
        try:
            content = self.file.read_bytes() if self.file.stat().st_size <= _LARGEST else b""
        except OSError:
            return Kept()
        seal, _, body = content.partition(b"\n")
        if not hmac.compare_digest(seal, self._seal(body)):
            return Kept()
        try:
            return _KEPT.validate_json(body)
        except ValidationError:  # written by another version
            return Kept()

    def keep(self, kept: Kept) -> None:
        """Replace the file; where that is not possible, the next plan is cold."""
        body = _KEPT.dump_json(kept, by_alias=True)
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.file.parent, delete=False) as fresh:
                fresh.write(self._seal(body) + b"\n" + body)
            Path(fresh.name).replace(self.file)

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self.secret, _FORM + body, hashlib.sha256).hex().encode()
