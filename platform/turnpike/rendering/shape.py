"""What of an object a JSON Schema can judge: all but the texts that it lets be anything.

Objects of one shape are all right or all wrong, so that of a thousand deployments that differ in
names and digests alone one is held against the schema (``conformance.py``).
"""

from __future__ import annotations

import json
from collections.abc import Hashable

from pydantic import JsonValue

_NOTES = frozenset(("type", "description", "title", "default", "format", "examples"))
"""Keywords that say of a text no more than that it is one; formats are not asserted."""
_OF_TEXTS = _NOTES | {"minLength"}
_OF_OBJECTS = _NOTES | {"properties", "required", "additionalProperties"}
_OF_LISTS = _NOTES | {"items", "minItems", "maxItems"}


def shape_of(value: JsonValue, schema: JsonValue) -> Hashable:
    """Return the shape of a value under a schema; what the schema may look into stays whole.

    Two values of equal shape break the schema in the same places, or nowhere.
    """
    if isinstance(schema, dict):
        words = schema.keys()
        if isinstance(value, str) and words <= _OF_TEXTS:
            least = schema.get("minLength", 0)
            return ("text", isinstance(least, int) and len(value) >= least)
        if isinstance(value, dict) and words <= _OF_OBJECTS:
            return ("map", *((key, _of_key(key, value[key], schema)) for key in sorted(value)))
        if isinstance(value, list) and words <= _OF_LISTS:
            items = schema.get("items", True)
            return ("list", *(shape_of(item, items) for item in value))
    return ("value", json.dumps(value, sort_keys=True))


def _of_key(key: str, value: JsonValue, schema: dict[str, JsonValue]) -> Hashable:
    named = schema.get("properties")
    if isinstance(named, dict) and key in named:
        return shape_of(value, named[key])
    return shape_of(value, schema.get("additionalProperties", True))
