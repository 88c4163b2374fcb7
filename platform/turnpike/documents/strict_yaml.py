"""The strict YAML profile: one document, plain scalars, no surprises, a line for every field.

Refused: duplicate keys, anchors, aliases, tags, merge keys, keys that are not strings, a second
document, plain scalars that YAML 1.1 and 1.2 read differently (``no``, ``1e3``, ``0o10``,
``12:30``), NaN and infinities, integers beyond 2**53, more than 40 levels, more than ``limit``
bytes. Source of the two readings: YAML 1.1 type repository and YAML 1.2.2, section 10.3 (core).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import yaml
from pydantic import JsonValue

from turnpike.documents.quick_yaml import quick
from turnpike.errors import InvalidDocument, Problem

DEFAULT_LIMIT = 256 * 1024
_DEPTH = 40
_LARGEST_INTEGER = 2**53

_NULL = frozenset(("", "~", "null"))
_BOOLEAN = {"true": True, "false": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)$")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+$")
_AMBIGUOUS = re.compile(
    r"(?i:y|yes|n|no|on|off|true|false|null)$"
    r"|[-+]?\.(?i:inf|nan)$"
    r"|[-+]?[0-9][0-9_,]*(:[0-5]?[0-9])+(\.[0-9_]*)?$"
    r"|[-+]?(0[xob]?[0-9a-fA-F_]+|[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)"
    r"([eE][-+]?[0-9]+)?$"
    r"|\d{4}-\d\d?-\d\d?([Tt ].*)?$"
    r"|[-+]?\.?_[0-9_.]*$"
    r"|[=<]{1,2}$"
)


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


def _read(name: str, text: str) -> _Reader:
    reader = _Reader(name, text)
    reader.read()
    return reader


def _refusal(name: str, line: int, field: str, expected: str, actual: str) -> InvalidDocument:
    return InvalidDocument((Problem(name, line, field, expected, actual),))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _Reader:
    """Walks the events of libyaml once and builds the values and their lines."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self.lines: dict[str, int] = {}
        self.value: JsonValue = None
        self._events: Iterator[yaml.Event] = self._guarded(text)

    def _guarded(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(text, Loader=yaml.CSafeLoader)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            said = getattr(error, "problem", None) or "a character that YAML does not allow"
            raise _refusal(self._name, line, "", "well-formed YAML", said) from error

    def read(self) -> None:
        next(self._events)
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise self._refuse(start, "", "one document", "an empty file")
        self.value = self._value(next(self._events), "", 0)
        next(self._events)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._refuse(after, "", "one document", "a second document")

    def _refuse(self, event: yaml.Event, field: str, expected: str, actual: str) -> InvalidDocument:
        return _refusal(self._name, _line(event), field, expected, actual)

    def _value(self, event: yaml.Event, field: str, depth: int) -> JsonValue:
        self.lines.setdefault(field, _line(event))
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            raise self._refuse(event, field, "a value", f"the alias *{anchor}")
        if anchor is not None:
            raise self._refuse(event, field, "a value", f"the anchor &{anchor}")
        if tag is not None:
            raise self._refuse(event, field, "a value without a tag", f"the tag {tag}")
        if depth > _DEPTH:
            raise self._refuse(event, field, f"at most {_DEPTH} levels", "deeper nesting")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(field, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(field, depth)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, field)
        raise self._refuse(event, field, "a value", "the end of the file")

    def _mapping(self, field: str, depth: int) -> JsonValue:
        result: dict[str, JsonValue] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, field)
            inner = f"{field}.{key}" if field else key
            if key in result:
                raise self._refuse(event, inner, "each key once", "the key a second time")
            self.lines[inner] = _line(event)
            result[key] = self._value(next(self._events), inner, depth + 1)
        return result

    def _key(self, event: yaml.Event, field: str) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
            raise self._refuse(event, field, "plain text as a key", "another kind of key")
        key: str = event.value
        if not event.style and (key in _NULL or key in _BOOLEAN or _AMBIGUOUS.match(key)):
            raise self._refuse(event, field, "plain text as a key", f"{key!r} (quote it)")
        return key

    def _sequence(self, field: str, depth: int) -> JsonValue:
        result: list[JsonValue] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            inner = f"{field}.{len(result)}" if field else str(len(result))
            result.append(self._value(event, inner, depth + 1))
        return result

    def _scalar(self, event: yaml.ScalarEvent, field: str) -> JsonValue:
        text: str = event.value
        if event.style:
            return text
        if text in _NULL:
            return None
        if text in _BOOLEAN:
            return _BOOLEAN[text]
        if _INTEGER.match(text):
            return self._integer(event, field, text)
        if _DECIMAL.match(text):
            return float(text)
        if _AMBIGUOUS.match(text):
            wanted = "a value that YAML 1.1 and 1.2 read alike"
            raise self._refuse(event, field, wanted, f"{text} (quote it, or write it plainly)")
        return text

    def _integer(self, event: yaml.Event, field: str, text: str) -> int:
        if len(text) > 17 or abs(int(text)) > _LARGEST_INTEGER:
            raise self._refuse(event, field, "an integer within 2**53", f"{text[:24]}")
        return int(text)
