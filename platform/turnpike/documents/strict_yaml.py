"""The strict YAML profile: one document, plain scalars, no surprises, a line for every field.

Refused: duplicate keys, anchors, aliases, tags, merge keys, keys that are not strings, a second
document, plain scalars that YAML 1.1 and 1.2 read differently (``no``, ``1e3``, ``0o10``,
``12:30``), lines that end otherwise than in LF or CRLF, NaN and infinities, integers from 2**53 on,
more than 40 levels, more than ``limit`` bytes. Source of the two readings: YAML 1.1 type repository
and YAML 1.2.2, sections 5.4 (line breaks) and 10.3 (core).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import JsonValue

from turnpike.documents.quick_yaml import quick
from turnpike.errors import InvalidDocument, Problem

if TYPE_CHECKING:
    from turnpike.documents.yaml_events import Reading

DEFAULT_LIMIT = 256 * 1024


@dataclass(frozen=True)
class Source:
    """A parsed file: its text and its values."""

    name: str
    text: str
    value: JsonValue

    @cached_property
    def lines(self) -> dict[str, int]:
        """Return the line (from 1) on which each dotted field stands; read when first asked."""
        return _read(self.name, self.text).lines

    def line_of(self, field: str) -> int:
        """Return the line of a field, or of the nearest field around it that stands in the file."""
        while field and field not in self.lines:
            field = field.rpartition(".")[0]
        return self.lines.get(field, 1)


def parse(content: bytes, name: str, *, limit: int = DEFAULT_LIMIT) -> Source:
    """Parse one file of the strict profile; ``name`` is what messages call it.

    Raises InvalidDocument with the first problem found.
    """
    if len(content) > limit:
        raise _refusal(name, 0, "", f"at most {limit} bytes", f"{len(content)} bytes")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refusal(name, line, "", "UTF-8", "other bytes") from error
    value = quick(text)
    return Source(name, text, by_events(name, text) if value is None else value)


def by_events(name: str, text: str) -> JsonValue:
    """Return the value of a file by the strict way alone, which knows the line of each problem."""
    return _read(name, text).value


def _read(name: str, text: str) -> Reading:
    # Only what the quick way leaves, and the lines of a refusal, need libyaml: importing it takes
    # longer than reading all files of a change.
    from turnpike.documents.yaml_events import read_events

    return read_events(name, text)


def _refusal(name: str, line: int, field: str, expected: str, actual: str) -> InvalidDocument:
    return InvalidDocument((Problem(name, line, field, expected, actual),))
