"""What an earlier sweep found in order, believed only where its seal fits what is there now.

A line for each model against which nothing stood: what its judgement rested on beside Git, and a
seal, HMAC-SHA256, over that and over the digests of everything the judgement read, as they are
now. So a line is of use only while all of it is the same, and only to whoever holds the secret,
which lies beside the gate's own private key: who could forge a line could forge a decision. A line
that is lost, cut short, moved to another model or made up costs time and changes no verdict.
"""

from __future__ import annotations

import hashlib
import hmac
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import AwareDatetime, JsonValue, TypeAdapter, ValidationError

from turnpike.documents.canonical import canonical
from turnpike.documents.document import Part
from turnpike.documents.identifiers import DigestText

_LARGEST = 64 * 1024 * 1024


class Line(Part):
    """One model that passed: the artifacts whose statements were weighed, and what was registered.

    It passed at the moment ``since``, and nothing that was compared with the clock comes before
    ``until``. ``seal`` is in hexadecimal.
    """

    model: str
    artifacts: tuple[DigestText, ...]
    versions: tuple[tuple[str, str], ...]
    since: AwareDatetime
    until: AwareDatetime
    seal: str

    def holds_at(self, moment: datetime) -> bool:
        """Tell whether the clock may say that moment, and what passed would pass all the same."""
        return self.since <= moment < self.until


_LINE: TypeAdapter[Line] = TypeAdapter(Line)


@dataclass(frozen=True, slots=True)
class SweepCache:
    """The file of an instance's sweeps, and the secret that seals it."""

    file: Path
    secret: bytes

    def lines(self) -> dict[str, Line]:
        """Return the lines of the file by model, none of them believed yet."""
        try:
            if self.file.stat().st_size > _LARGEST:
                return {}
            content = self.file.read_bytes()
        except OSError:
            return {}
        found: dict[str, Line] = {}
        for text in content.splitlines():
            with suppress(ValidationError):
                line = _LINE.validate_json(text)
                found[line.model] = line
        return found

    def seal(self, rested_on: JsonValue) -> str:
        """Return the seal over everything that a judgement rested on."""
        return hmac.digest(self.secret, canonical(rested_on), hashlib.sha256).hex()

    def fits(self, line: Line, rested_on: JsonValue) -> bool:
        """Tell whether a line was sealed here, over exactly this."""
        return hmac.compare_digest(line.seal.encode(), self.seal(rested_on).encode())

    def keep(self, lines: Iterable[Line]) -> None:
        """Replace the file by these lines; where that is not possible, the next sweep is cold."""
        content = b"".join(line.model_dump_json(by_alias=True).encode() + b"\n" for line in lines)
        with suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.file.parent, delete=False) as fresh:
                fresh.write(content)
            Path(fresh.name).replace(self.file)


def listing(entries: Mapping[str, tuple[str, str]]) -> str:
    """Return one digest of a listing: mode and object by path."""
    lines = (f"{path}\0{mode} {object_}" for path, (mode, object_) in sorted(entries.items()))
    text = "\0".join(lines)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
