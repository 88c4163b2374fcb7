"""Bytes of a file to a frozen document, with every problem named by file, line and field."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from turnpike.documents.strict_yaml import DEFAULT_LIMIT, Source, parse
from turnpike.errors import InvalidDocument, Problem

T = TypeVar("T")


def read(kind: TypeAdapter[T], content: bytes, name: str, *, limit: int = DEFAULT_LIMIT) -> T:
    """Return the document that the YAML bytes hold; ``name`` is what messages call the file.

    The same bytes are read once: documents are frozen. Raises InvalidDocument with all problems of
    the schema, or the first one of the syntax.
    """
    same = kind, content, limit
    found: T | None = _READ.get(same)
    if found is None:
        found = validate(kind, parse(content, name, limit=limit))
        _keep(same, found)
    return found


# A train of a thousand promotions reads three thousand small files, most of them again and again.
_MOST, _LARGEST = 4096, 16 * 1024
_READ: dict[tuple[object, bytes, int], Any] = {}


def _keep(same: tuple[object, bytes, int], found: object) -> None:
    """Keep a small document that nobody can change; of too many none stays."""
    if isinstance(found, BaseModel) and len(same[1]) <= _LARGEST:
        if len(_READ) == _MOST:
            _READ.clear()
        _READ[same] = found


def validate(kind: TypeAdapter[T], source: Source) -> T:
    """Return the document that a parsed file holds; raises InvalidDocument with all problems."""
    # JSON mode, so that dates, enums and tuples are read from their text in strict mode as well.
    encoded = json.dumps(source.value)
    try:
        return kind.validate_json(encoded)
    except ValidationError as error:
        details = [one for one in error.errors(include_url=False) if not _is_echo(one)]
        problems = tuple(_problem(source, detail) for detail in details)
        raise InvalidDocument(problems) from error


def _is_echo(detail: ErrorDetails) -> bool:
    """Tell whether a list is called too short only because of what is wrong with its items."""
    if detail["type"] != "too_short" or not isinstance(detail["input"], list):
        return False
    return bool(len(detail["input"]) >= detail["ctx"]["min_length"])


def _problem(source: Source, detail: ErrorDetails) -> Problem:
    field = _field(source, (*detail["loc"], *_discriminator(detail)))
    expected, actual = _said(detail)
    return Problem(source.name, source.line_of(field), field, expected, actual)


def _field(source: Source, location: tuple[int | str, ...]) -> str:
    """Return the dotted path as it stands in the file, without the tags of unions."""
    steps: list[str] = []
    for number, step in enumerate(location):
        path = ".".join([*steps, str(step)])
        last = number == len(location) - 1
        if path in source.lines or last:
            steps.append(str(step))
    return ".".join(steps)


def _discriminator(detail: ErrorDetails) -> tuple[str, ...]:
    """Return the field by which a union tells its kinds apart, where that field is the problem."""
    if detail["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        return (detail["ctx"]["discriminator"].strip("'"),)
    return ()


def _said(detail: ErrorDetails) -> tuple[str, str]:
    kind = detail["type"]
    if kind in {"missing", "union_tag_not_found"}:
        return "the field", "nothing"
    if kind == "union_tag_invalid":
        found = detail["input"][_discriminator(detail)[0]]
        return " or ".join(detail["ctx"]["expected_tags"].rsplit(", ", 1)), _shown(found)
    found = _shown(detail["input"])
    if kind == "extra_forbidden":
        return "no such field", found
    return expectation(detail), found


def expectation(detail: ErrorDetails) -> str:
    """Return what was expected where a value is refused, without the words of the library."""
    if detail["type"] == "timezone_aware":
        return "a time with its offset from UTC, such as Z"
    if detail["type"] in {"too_short", "too_long"}:
        return _number_of_items(detail)
    expected = detail["msg"].removeprefix("Value error, ").removeprefix("expected ")
    expected = expected.removeprefix("Input should be ").removeprefix("a valid ")
    expected = expected.replace("String should match pattern", "text that matches")
    return expected.replace("String should have", "text of")


def _number_of_items(detail: ErrorDetails) -> str:
    least = detail["type"] == "too_short"
    number = detail["ctx"]["min_length" if least else "max_length"]
    return f"at {'least' if least else 'most'} {number} {'item' if number == 1 else 'items'}"


def _shown(value: object) -> str:
    text = json.dumps(value, default=str, ensure_ascii=False)
    return text if len(text) <= 80 else text[:77] + "..."
