"""Canonical JSON by RFC 8785 (JCS): one document, one sequence of bytes, on every machine."""

from __future__ import annotations

from pydantic import BaseModel, JsonValue

from turnpike.documents.identifiers import Digest, digest_of


def canonical(value: JsonValue) -> bytes:
    """Return the RFC 8785 bytes of a JSON value; integers beyond 2**53 are refused by the rules."""
    import rfc8785

    return rfc8785.dumps(value)


def to_json(document: BaseModel) -> JsonValue:
    """Return the document as plain JSON values, with the field names that its file uses."""
    value: JsonValue = document.model_dump(mode="json", by_alias=True)
    return value


def canonical_document(document: BaseModel) -> bytes:
    """Return the canonical bytes of a document."""
    return canonical(to_json(document))


def digest_of_document(document: BaseModel) -> Digest:
    """Return the digest of the canonical bytes of a document."""
    return digest_of(canonical_document(document))
