"""Strict JSON (RFC 8259, I-JSON RFC 7493) to a document: every problem named by its field.

Refused: bytes that are no UTF-8, a duplicate key, NaN and infinities, integers from 2**53 on, half
a surrogate pair, more than 100 levels, more than ``limit`` bytes, and what the schema refuses. The
canonical form of a large float, such as 10000000000000000, is read as that float.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from turnpike.documents.canonical import TOO_LARGE, canonical
from turnpike.documents.reading import validate
from turnpike.documents.strict_yaml import Source
from turnpike.errors import InvalidDocument, Problem

T = TypeVar("T")

LARGEST = 64 * 1024 * 1024
_DEPTH = 100
_LONGEST_NUMBER = 40


class _JsonSource(Source):
    """Parsed JSON; canonical JSON is one line, so fields are told by their path alone."""

    @cached_property
    def lines(self) -> dict[str, int]:
        """Return line 0, which means none, for each dotted field."""
        return dict.fromkeys(_fields(self.value, ""), 0)


class _Repeated(dict[str, JsonValue]):
    """An object that held a key twice: which key."""

    key: str


def read_json(kind: TypeAdapter[T], content: bytes, name: str, *, limit: int = LARGEST) -> T:
    """Return the document in the bytes; ``name`` is what messages call the file.

    Raises InvalidDocument with all problems of the schema, or the first one of the syntax.
    """
    value = _parsed(content, name, limit)
    for field, expected, actual in _refused(value, "", 0):
        raise _refusal(name, 0, field, expected, actual)
    encoded = json.dumps(value)
    try:
        return kind.validate_json(encoded)
    except ValidationError:  # read once more, now with the name of every field at hand
        return validate(kind, _JsonSource(name, "", value))


def _parsed(content: bytes, name: str, limit: int) -> JsonValue:
    if len(content) > limit:
        raise _refusal(name, 0, "", f"at most {limit} bytes", "more")
    try:
        text = content.decode("utf-8")
        value: JsonValue = json.loads(
            text, object_pairs_hook=_object, parse_int=_integer, parse_constant=float
        )
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refusal(name, line, "", "UTF-8", "other bytes") from error
    except json.JSONDecodeError as error:
        found = f"{error.msg.removesuffix(' at')} at column {error.colno}"
        raise _refusal(name, error.lineno, "", "whole, well-formed JSON", found) from error
    except RecursionError as error:
        raise _refusal(name, 0, "", f"at most {_DEPTH} levels", "deeper nesting") from error
    return value


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    repeated = _Repeated(plain)
    repeated.key = next(key for key, times in Counter(k for k, _ in pairs).items() if times > 1)
    return repeated


def _integer(text: str) -> JsonValue:
    """Return the integer; a large one as a float where it is exactly how RFC 8785 writes that."""
    # The beginning of one of absurd length is refused as well, and in the same words.
    number = int(text[:_LONGEST_NUMBER])
    if abs(number) < TOO_LARGE:
        return number
    return float(number) if canonical(float(number)) == text.encode() else number


def _refused(value: JsonValue, field: str, depth: int) -> Iterator[tuple[str, str, str]]:
    """Yield what no document may hold: field, expected, found."""
    if depth > _DEPTH:
        yield field, f"at most {_DEPTH} levels", "deeper nesting"
    elif isinstance(value, _Repeated):
        yield _inner(field, value.key), "each key once", "the key a second time"
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _refused(key, _inner(field, key), depth)
            yield from _refused(inner, _inner(field, key), depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _refused(inner, _inner(field, str(number)), depth + 1)
    else:
        yield from _refused_scalar(value, field)


def _refused_scalar(value: JsonValue, field: str) -> Iterator[tuple[str, str, str]]:
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            yield field, "Unicode text", "half a surrogate pair"
    elif isinstance(value, float):
        if not math.isfinite(value):
            yield field, "a finite number", str(value)
    elif isinstance(value, int) and abs(value) >= TOO_LARGE:
        yield field, "an integer below 2**53", f"{str(value)[:24]}"


def _fields(value: JsonValue, field: str) -> Iterator[str]:
    """Yield the dotted path of every field; the lines on which they stand are not told."""
    yield field
    pairs = value.items() if isinstance(value, dict) else ()
    numbered = enumerate(value) if isinstance(value, list) else ()
    for step, inner in (*pairs, *numbered):
        yield from _fields(inner, _inner(field, str(step)))


def _inner(field: str, step: str) -> str:
    shown = step.encode("utf-8", "backslashreplace").decode()
    return f"{field}.{shown}" if field else shown


def _refusal(name: str, line: int, field: str, expected: str, actual: str) -> InvalidDocument:
    return InvalidDocument((Problem(name, line, field, expected, actual),))
