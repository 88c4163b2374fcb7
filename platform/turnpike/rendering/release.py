"""A release to the one form of ``release.yaml``, so that two can be compared byte for byte."""

from __future__ import annotations

from turnpike.documents.canonical import to_json
from turnpike.errors import Defect
from turnpike.manifest.release import Release
from turnpike.rendering.dump import dump

_SCHEMA = "yaml-language-server: $schema=../../../../../docs/schemas/release.schema.json"


def release_bytes(release: Release) -> bytes:
    """Return the file: the schema's line, then the fields in the order of their document."""
    value = to_json(release)
    if not isinstance(value, dict):
        raise Defect("A release must be a mapping; its document says otherwise.")
    for optional in ("emergency", "rest"):
        if value[optional] is None:
            del value[optional]
    return dump([value], _SCHEMA)
