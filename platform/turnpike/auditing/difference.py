"""The first field in which two JSON documents differ."""

from __future__ import annotations

import json

from pydantic import JsonValue

from turnpike.documents.canonical import canonical

_LONGEST = 120


def first_difference(expected: JsonValue, actual: JsonValue) -> tuple[str, str, str] | None:
    """Return the dotted path of the first difference with both values; None for the same bytes.

    Fields are compared in the order of their names, which is the order of canonical JSON.
    """
    if canonical(expected) == canonical(actual):
        return None
    return _difference("", expected, actual)


def _difference(path: str, expected: JsonValue, actual: JsonValue) -> tuple[str, str, str]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in sorted(expected.keys() | actual.keys()):
            if key not in expected or key not in actual:
                return _inner(path, key), _shown(expected, key), _shown(actual, key)
            if canonical(expected[key]) != canonical(actual[key]):
                return _difference(_inner(path, key), expected[key], actual[key])
    if isinstance(expected, list) and isinstance(actual, list):
        for number, (one, other) in enumerate(zip(expected, actual, strict=False)):
            if canonical(one) != canonical(other):
                return _difference(_inner(path, str(number)), one, other)
        return path, f"{len(expected)} entries", f"{len(actual)} entries"
    return path, _text(expected), _text(actual)


def _inner(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _shown(value: dict[str, JsonValue], key: str) -> str:
    return _text(value[key]) if key in value else "no such field"


def _text(value: JsonValue) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."
