"""The schema for OPA accepts what the judge sends, and closes every object."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from jsonschema.validators import Draft7Validator
from pydantic import JsonValue

from turnpike.documents.canonical import to_json
from turnpike.errors import Defect
from turnpike.opa.schema import Schema, flattened, input_schema, schema_text
from unit.opa.small_policies import policy_input


def nodes(schema: JsonValue) -> Iterator[dict[str, JsonValue]]:
    if isinstance(schema, dict):
        yield schema
        for value in schema.values():
            yield from nodes(value)
    if isinstance(schema, list):
        for value in schema:
            yield from nodes(value)


def test_an_input_of_the_judge_is_valid() -> None:
    Draft7Validator(input_schema()).validate(to_json(policy_input()))


def test_no_union_or_reference_is_left_through_which_opa_cannot_see() -> None:
    assert not [node for node in nodes(input_schema()) if node.keys() & {"$ref", "anyOf", "oneOf"}]


def test_every_object_is_closed_or_a_map() -> None:
    objects = [node for node in nodes(input_schema()) if "properties" in node and "type" in node]
    assert objects
    assert all(node["additionalProperties"] is False for node in objects)


def test_a_union_of_objects_has_the_fields_of_all_and_requires_those_of_each() -> None:
    first: JsonValue = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "integer"}},
    }
    second: JsonValue = {"type": "object", "properties": {"a": {"type": "integer"}}}
    assert flattened({"anyOf": [first, second, {"type": "null"}]}) == {
        "type": ["null", "object"],
        "additionalProperties": False,
        "properties": {"a": {"type": ["integer", "string"]}, "b": {"type": "integer"}},
        "required": ["a"],
    }


def test_a_nested_union_requires_no_more_than_its_variants_share() -> None:
    first: JsonValue = {"type": "object", "properties": {"a": {"type": "string"}}}
    second: JsonValue = {"type": "object", "properties": {"b": {"type": "string"}}}
    nested: Schema = {"anyOf": [{"oneOf": [first, second]}, {"type": "null"}]}
    assert flattened(nested)["required"] == []


def test_a_constant_and_a_choice_become_one_choice() -> None:
    choice: Schema = {
        "anyOf": [{"const": "x", "type": "string"}, {"enum": ["y"], "type": "string"}]
    }
    assert flattened(choice) == {"type": "string", "enum": ["x", "y"]}


def test_a_choice_that_may_be_null_says_so() -> None:
    schema: Schema = {"anyOf": [{"enum": ["y"], "type": "string"}, {"type": "null"}]}
    assert flattened(schema) == {"type": ["null", "string"], "enum": ["y", None]}


def test_a_schema_that_is_none_is_a_defect() -> None:
    with pytest.raises(Defect):
        flattened({"type": "array", "items": True})


def test_the_text_is_the_same_however_the_fields_were_ordered() -> None:
    assert schema_text({"a": 1, "b": 2}) == schema_text({"b": 2, "a": 1})
    assert json.loads(schema_text(input_schema())) == input_schema()
