"""What of an object a JSON Schema can judge: all but the texts that it lets be anything.

Objects of one shape are all right or all wrong, so that of a thousand deployments that differ in
names and digests alone one is held against the schema (``conformance.py``).
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from types import MappingProxyType

from pydantic import JsonValue

_NOTES = frozenset(("type", "description", "title", "default", "format", "examples"))
"""Keywords that say of a text no more than that it is one; formats are not asserted."""
_OF_TEXTS = _NOTES | {"minLength"}
_OF_OBJECTS = _NOTES | {"properties", "required", "additionalProperties"}
_OF_LISTS = _NOTES | {"items", "minItems", "maxItems"}
_NONE: Mapping[str, JsonValue] = MappingProxyType({})
_written = json.JSONEncoder(sort_keys=True).encode


def shape_of(value: JsonValue, schema: JsonValue) -> Hashable:
    """Return the shape of a value under a schema; what the schema may look into stays whole.

    Two values of equal shape break the schema in the same places, or nowhere.
    """
    if isinstance(schema, dict):
        words = schema.keys()
        if isinstance(value, str):
            if words <= _OF_TEXTS:
                least = schema.get("minLength", 0)
                return ("text", isinstance(least, int) and len(value) >= least)
        elif isinstance(value, dict):
            if words <= _OF_OBJECTS:
                return ("map", *_of_keys(value, schema))
        elif isinstance(value, list) and words <= _OF_LISTS:
            items = schema.get("items", True)
            return ("list", *[shape_of(item, items) for item in value])
    return ("value", _written(value))


def _of_keys(value: dict[str, JsonValue], schema: dict[str, JsonValue]) -> list[Hashable]:
    named, other = schema.get("properties"), schema.get("additionalProperties", True)
    known = named if isinstance(named, dict) else _NONE
    return [(key, shape_of(value[key], known.get(key, other))) for key in sorted(value)]
