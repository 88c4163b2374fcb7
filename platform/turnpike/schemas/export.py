"""The documents to JSON Schema (draft 2020-12), so that editors check a file while it is typed."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter

from turnpike.manifest.model import MODEL
from turnpike.manifest.release import RELEASE
from turnpike.manifest.settings import SETTINGS
from turnpike.topology.environment import ENVIRONMENT
from turnpike.topology.key import KEY
from turnpike.topology.organisation import ORGANISATION

FOLDER = "docs/schemas"

DOCUMENTS: dict[str, TypeAdapter[Any]] = {
    "environment": ENVIRONMENT,
    "key": KEY,
    "model": MODEL,
    "organisation": ORGANISATION,
    "release": RELEASE,
    "settings": SETTINGS,
}
"""Each document by the name that its schema's file has."""


def export_schemas() -> dict[str, str]:
    """Return the text of every schema file by its path from the repository's root."""
    return {schema_path(name): _text(name, kind) for name, kind in sorted(DOCUMENTS.items())}


def schema_path(name: str) -> str:
    """Return where the schema of a document stands, from the repository's root."""
    return f"{FOLDER}/{name}.schema.json"


def _text(name: str, kind: TypeAdapter[Any]) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://turnpike.dev/schemas/v1/{name}.schema.json",
        **kind.json_schema(by_alias=True, mode="validation"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
