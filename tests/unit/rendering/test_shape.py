"""Objects of one shape are all right or all wrong under their schema."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import JsonValue

from turnpike.rendering.shape import shape_of
from unit.judge.examples import UNHURRIED

SCHEMA: dict[str, JsonValue] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"type": "string", "description": "any text"},
        "kind": {"type": "string", "enum": ["Service", "Pod"]},
        "port": {"type": ["integer", "string"]},
        "path": {"type": "string", "pattern": "^/"},
        "group": {"type": "string", "minLength": 2},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "args": {"type": "array", "maxItems": 2, "items": {"type": "string"}},
        "free": {},
    },
}
WHOLE: dict[str, JsonValue] = {
    "name": "a", "kind": "Pod", "port": 80, "path": "/x", "labels": {"app": "a"}, "args": ["-v"],
    "group": "ab",
}  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"name": "b"},
        {"labels": {"app": "b"}},
        {"args": ["--quiet"]},
        {"name": ""},
        {"group": "cde"},
    ],
)
def test_texts_that_may_be_anything_make_no_other_shape(change: dict[str, JsonValue]) -> None:
    assert shape_of({**WHOLE, **change}, SCHEMA) == shape_of(WHOLE, SCHEMA)


@pytest.mark.parametrize(
    "change",
    [
        {"name": 1},
        {"kind": "Job"},
        {"port": 81},
        {"port": "http"},
        {"path": "x"},
        {"group": "a"},
        {"labels": {"other": "a"}},
        {"labels": {"app": None}},
        {"args": ["-v", "-v"]},
        {"other": "a"},
        {"free": "a"},
    ],
)
def test_everything_else_does(change: dict[str, JsonValue]) -> None:
    assert shape_of({**WHOLE, **change}, SCHEMA) != shape_of(WHOLE, SCHEMA)


def test_a_list_is_never_taken_for_the_text_that_stands_for_one() -> None:
    assert shape_of({"name": ["text"]}, SCHEMA) != shape_of({"name": "a"}, SCHEMA)


TEXTS = st.sampled_from(["", "a", "/a", "Pod", "text"])
VALUES = st.one_of(
    st.none(), st.integers(0, 2), TEXTS, st.lists(TEXTS, max_size=3),
    st.dictionaries(st.sampled_from(["app", "name"]), TEXTS, max_size=2),
)  # fmt: skip
OBJECTS = st.dictionaries(
    st.sampled_from(["name", "kind", "port", "path", "labels", "args", "other"]), VALUES
)


def broken(value: JsonValue) -> list[str]:
    return sorted(error.json_path for error in Draft202012Validator(SCHEMA).iter_errors(value))


@UNHURRIED
@given(st.lists(OBJECTS, min_size=30, max_size=60))
def test_what_has_one_shape_breaks_the_schema_in_the_same_places(
    objects: list[dict[str, JsonValue]],
) -> None:
    known: dict[object, list[str]] = {}
    for value in objects:
        assert known.setdefault(shape_of(value, SCHEMA), broken(value)) == broken(value)
