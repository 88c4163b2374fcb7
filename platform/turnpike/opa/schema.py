"""JSON Schemas that OPA's type checker understands, so that a misspelt path fails.

OPA sees into one closed object, but not through a union: where a field is null or one of several
objects, it lets any path pass. So references are written out, null joins the type, and the
variants of a union become one object with the fields of them all. The result still accepts every
document that the original accepts. Source: OPA documentation, "Schemas", and its type checker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pydantic import JsonValue

from turnpike.errors import Defect

Schema: TypeAlias = dict[str, JsonValue]

DIALECT = "http://json-schema.org/draft-07/schema#"
_NULL: Schema = {"type": "null"}


def input_schema() -> Schema:
    """Return the schema of the input of every rule."""
    from turnpike.judge.policy_input import POLICY_INPUT

    schema = POLICY_INPUT.json_schema(by_alias=True, mode="serialization")
    return {"$schema": DIALECT, "title": "PolicyInput", **flattened(schema)}


def schema_text(schema: Mapping[str, JsonValue]) -> str:
    """Return the text of a schema's file."""
    return json.dumps(schema, indent=2, sort_keys=True) + "\n"


def flattened(schema: Mapping[str, JsonValue]) -> Schema:
    """Return the schema without references, unions of objects and keywords that OPA ignores."""
    definitions = _mapping(schema.get("$defs", {}))
    return _flat(schema, definitions)


def _flat(schema: JsonValue | Mapping[str, JsonValue], definitions: Schema) -> Schema:
    node = _mapping(schema)
    reference = node.get("$ref")
    if isinstance(reference, str):
        return _flat(definitions[reference.removeprefix("#/$defs/")], definitions)
    variants = node.get("anyOf") or node.get("oneOf")
    if isinstance(variants, list):
        return _union([_flat(variant, definitions) for variant in variants])
    if "const" in node:
        node = {**node, "enum": [node["const"]]}
    result = {key: node[key] for key in ("description", "enum", "type") if key in node}
    return result | _children(node, definitions)


def _children(node: Schema, definitions: Schema) -> Schema:
    if node.get("type") == "array":
        return {"items": _flat(node.get("items", {}), definitions)}
    if node.get("type") != "object":
        return {}
    if "properties" not in node:
        return {"additionalProperties": _flat(node.get("additionalProperties", {}), definitions)}
    fields = _mapping(node["properties"])
    return {
        "additionalProperties": False,
        "properties": {name: _flat(value, definitions) for name, value in fields.items()},
        "required": [*sorted(fields)],
    }


def _union(variants: Sequence[Schema]) -> Schema:
    """Return one schema that accepts what any of the (flattened) variants accepts."""
    types = sorted({name for variant in variants for name in _types(variant)})
    kind: JsonValue = types[0] if len(types) == 1 else [*types]
    values = [variant for variant in variants if variant != _NULL]
    objects = [variant for variant in values if "properties" in variant]
    if objects:
        return {**_merged(objects), "type": kind}
    if len(values) == 1:
        null: list[JsonValue] = [None] if "enum" in values[0] and len(variants) > 1 else []
        return {**values[0], "type": kind, **_enumeration(values, null)}
    return {"type": kind, **_enumeration(values, [])}


def _enumeration(variants: Sequence[Schema], more: list[JsonValue]) -> Schema:
    lists = [variant.get("enum") for variant in variants]
    found: list[JsonValue] = []
    for values in lists:
        if not isinstance(values, list):
            return {}
        found += [value for value in values if value not in found]
    return {"enum": found + more}


def _merged(objects: Sequence[Schema]) -> Schema:
    """Return one closed object with the fields of all; those that all have are required."""
    fields: Schema = {}
    required: list[set[str]] = []
    for variant in objects:
        own = _mapping(variant["properties"])
        for name, value in own.items():
            fields[name] = _either(fields[name], value) if name in fields else value
        required.append({str(name) for name in _list(variant["required"])})
    common: list[JsonValue] = [*sorted(set.intersection(*required))]
    return {"additionalProperties": False, "properties": fields, "required": common}


def _either(first: JsonValue, second: JsonValue) -> JsonValue:
    return second if first == second else _union([_mapping(first), _mapping(second)])


def _types(schema: Schema) -> list[str]:
    kind = schema.get("type", [])
    return [str(name) for name in kind] if isinstance(kind, list) else [str(kind)]


def _list(value: JsonValue) -> list[JsonValue]:
    if not isinstance(value, list):
        raise Defect(f"expected a list in a JSON Schema, got {value!r}")
    return value


def _mapping(value: JsonValue | Mapping[str, JsonValue]) -> Schema:
    if not isinstance(value, Mapping):
        raise Defect(f"expected an object in a JSON Schema, got {value!r}")
    return dict(value)
