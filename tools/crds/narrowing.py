"""A CRD's or Kubernetes' own schema to plain JSON Schema that allows no unknown field.

An API server drops unknown fields in silence; here a misspelt field is a problem. Source of the
extensions: Kubernetes documentation, "Extend the Kubernetes API with CustomResourceDefinitions",
structural schemas.
"""

from __future__ import annotations

from typing import TypeAlias

JsonValue: TypeAlias = "dict[str, JsonValue] | list[JsonValue] | str | int | float | bool | None"
Schema: TypeAlias = dict[str, JsonValue]

_KEPT = frozenset(
    (
        "additionalProperties", "allOf", "anyOf", "enum", "exclusiveMaximum", "exclusiveMinimum",
        "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength",
        "minProperties", "minimum", "multipleOf", "not", "oneOf", "pattern", "properties",
        "required", "type", "uniqueItems",
    )
)  # fmt: skip
_DROPPED = frozenset(
    ("$id", "$schema", "default", "deprecated", "description", "example", "format", "title")
)
_INT_OR_STRING = "x-kubernetes-int-or-string"
_OPEN = "x-kubernetes-preserve-unknown-fields"
_RULES = "x-kubernetes-validations"


class UnknownKeyword(ValueError):
    """A schema says something that the checks would not see."""


def narrowed(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """Return the schema with references put in place, and closed to unknown fields.

    ``definitions`` are what ``$ref`` names after its last slash; none of those used is recursive.
    Raises UnknownKeyword for a keyword that would otherwise go unchecked.
    """
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return narrowed(definitions[reference.rpartition("/")[2]], definitions)
    _refuse_unknown(schema)
    if schema.get(_INT_OR_STRING):
        kept: Schema = {"type": ["integer", "string"]}
        return kept | {key: schema[key] for key in ("pattern",) if key in schema}
    result = {key: _inner(key, value, definitions) for key, value in schema.items() if key in _KEPT}
    if schema.get("nullable") and isinstance(result.get("type"), str):
        result["type"] = [result["type"], "null"]
    return _closed(result, is_open=bool(schema.get(_OPEN)))


def _refuse_unknown(schema: Schema) -> None:
    for key in schema:
        is_note = key.startswith("x-kubernetes-") and key != _RULES
        if key not in _KEPT | _DROPPED | {"nullable"} and not is_note:
            raise UnknownKeyword(f"expected a keyword that is checked, found {key}")


def _inner(key: str, value: JsonValue, definitions: dict[str, Schema]) -> JsonValue:
    if key == "properties" and isinstance(value, dict):
        return {name: _narrow(item, definitions) for name, item in value.items()}
    if key in {"items", "additionalProperties"}:
        return _narrow(value, definitions)
    return value  # value checks (anyOf, not, ...) stand beside the structure and stay as they are


def _narrow(value: JsonValue, definitions: dict[str, Schema]) -> JsonValue:
    return narrowed(value, definitions) if isinstance(value, dict) else value


def _closed(schema: Schema, *, is_open: bool) -> Schema:
    kinds = schema.get("type")
    is_object = kinds == "object" or (isinstance(kinds, list) and "object" in kinds)
    if not is_object or is_open or "additionalProperties" in schema:
        return schema
    return {**schema, "additionalProperties": False}
