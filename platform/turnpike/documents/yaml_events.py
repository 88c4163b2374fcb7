"""The strict way to read YAML: the events of libyaml, one by one, with the line of every field.

What ``documents.strict_yaml`` falls back to where the quick way is not certain, or where somebody
asks for lines.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Protocol

import yaml
from pydantic import JsonValue

from turnpike.documents.canonical import TOO_LARGE
from turnpike.errors import InvalidDocument, Problem

_DEPTH = 40

_NULL = frozenset(("", "~", "null"))
_BOOLEAN = {"true": True, "false": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)$")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+$")
# YAML 1.1 ends a line, and with it a comment, at characters that 1.2 takes for text; a carriage
# return alone ends it for both, and for hardly any page on which a change is reviewed.
_OTHER_BREAK = re.compile("[\x85\u2028\u2029]|\r(?!\n)")
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


class Reading(Protocol):
    """What was read: the value, and the line (from 1) of each dotted field."""

    value: JsonValue
    lines: dict[str, int]


def read_events(name: str, text: str) -> Reading:
    """Return the value of a file and the line of each field; raises InvalidDocument."""
    _refuse_other_breaks(name, text)
    reader = _Reader(name, text)
    reader.read()
    return reader


def _refuse_other_breaks(name: str, text: str) -> None:
    found = _OTHER_BREAK.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        actual = f"U+{ord(found[0]):04X}, where some readers see a new line"
        raise _refusal(name, line, "", "lines that end in LF or CRLF", actual)


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
            return self._decimal(event, field, text)
        if _AMBIGUOUS.match(text):
            wanted = "a value that YAML 1.1 and 1.2 read alike"
            raise self._refuse(event, field, wanted, f"{text} (quote it, or write it plainly)")
        return text

    def _integer(self, event: yaml.Event, field: str, text: str) -> int:
        if len(text) > 17 or abs(int(text)) >= TOO_LARGE:
            raise self._refuse(event, field, "an integer below 2**53", f"{text[:24]}")
        return int(text)

    def _decimal(self, event: yaml.Event, field: str, text: str) -> float:
        number = float(text)
        if not math.isfinite(number):
            raise self._refuse(event, field, "a finite number", f"{text[:24]}...")
        return number
