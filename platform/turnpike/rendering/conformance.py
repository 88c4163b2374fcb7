"""Whether objects are what the schemas of Kubernetes and of the CRDs allow, field by field.

A kind without a schema is a problem, never skipped. The schemas are other people's text and stand
in the cache, filed by digest; an edge reads them.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from pydantic import JsonValue

from turnpike.documents.identifiers import Digest, digest_of
from turnpike.errors import Unavailable
from turnpike.rendering.shape import shape_of

SCHEMAS_DIGEST = Digest("sha256:80653ba5595cd1e16e0bace8c1a4cda2409363c96c9a2e2d5de57b5bd19ce38b")
"""The digest of ``schemas/<hex>.json`` in the cache: KServe, Prometheus operator, Kubernetes."""

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Schemas:
    """JSON Schemas by ``apiVersion/kind``; ``sound`` are the shapes that were found to be right."""

    by_kind: Mapping[str, Mapping[str, JsonValue]]
    sound: set[tuple[str, Hashable]] = field(default_factory=set, compare=False)


def schemas_from(content: bytes) -> Schemas:
    """Return the schemas in a cached file; raises Unavailable unless it is the pinned one."""
    found = digest_of(content)
    if found != SCHEMAS_DIGEST:
        raise Unavailable(
            f"The cached schemas of Kubernetes objects: expected {SCHEMAS_DIGEST}, got {found}.",
            solution="Delete that file and run `./turnpike set-up schemas`.",
            code="schemas.damaged",
        )
    return Schemas(MappingProxyType(json.loads(content)))


def manifest_problems(
    objects: Sequence[Mapping[str, JsonValue]], schemas: Schemas
) -> tuple[str, ...]:
    """Return what an API server would refuse or drop, one line each; empty if nothing."""
    return tuple(line for item in objects for line in _problems(item, schemas))


def _problems(item: Mapping[str, JsonValue], schemas: Schemas) -> Iterator[str]:
    kind = f"{item.get('apiVersion')}/{item.get('kind')}"
    schema = schemas.by_kind.get(kind)
    if schema is None:
        yield f"{kind}: expected one of {', '.join(sorted(schemas.by_kind))}"
        return
    shape = kind, shape_of(dict(item), dict(schema))
    if shape in schemas.sound:
        return
    from jsonschema import Draft202012Validator

    errors = Draft202012Validator(dict(schema)).iter_errors(dict(item))
    found = sorted(errors, key=lambda error: error.json_path)
    if not found:
        schemas.sound.add(shape)
    for error in found:
        yield f"{kind} {_name(item)}: {error.json_path}: {error.message[:_LONGEST]}"


def _name(item: Mapping[str, JsonValue]) -> str:
    metadata = item.get("metadata")
    return str(metadata.get("name", "?")) if isinstance(metadata, dict) else "?"
