"""The DSSE envelope v1: what is signed, over which bytes, and whether a key really signed it.

Source: secure-systems-lab/dsse, protocol.md (pre-authentication encoding) and envelope.md.
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import Field, JsonValue, TypeAdapter, ValidationError

from turnpike.documents.canonical import TOO_LARGE, digest_of_document
from turnpike.documents.document import Part
from turnpike.documents.identifiers import Digest
from turnpike.evidence.statement import PAYLOAD_TYPE, STATEMENT, Statement, payload_of
from turnpike.topology.key import Key

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_LONG_INTEGER = re.compile(rb"[:\[,]-?\d{16}")


class Signature(Part):
    """The id of a key and the base64 of what it signed."""

    keyid: str
    sig: str


class Envelope(Part):
    """A signed payload; its digest is that of its own canonical bytes."""

    payload: str
    payload_type: str
    signatures: tuple[Signature, ...] = Field(min_length=1, max_length=1)

    def body(self) -> bytes:
        """Return the payload's bytes; raises ValueError where they are not base64."""
        return base64.b64decode(self.payload, validate=True)

    def digest(self) -> Digest:
        """Return the digest under which the envelope is filed."""
        return _digest_of(self)

    def key_id(self) -> Digest:
        """Return the id of the key that is claimed to have signed."""
        return Digest(self.signatures[0].keyid)

    def signed_bytes(self) -> bytes:
        """Return the pre-authentication encoding, over which the signature is made."""
        return encode_for_signing(self.payload_type, self.body())


ENVELOPE: TypeAdapter[Envelope] = TypeAdapter(Envelope)


# What is asked about is read, filed and weighed: each asks for the digest of the same envelopes.
@lru_cache(maxsize=8192)
def _digest_of(envelope: Envelope) -> Digest:
    return digest_of_document(envelope)


def encode_for_signing(payload_type: str, body: bytes) -> bytes:
    """Return DSSE's pre-authentication encoding, PAE, of a payload."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body)


def envelope_of(statement: Statement, key_id: Digest, signature: bytes) -> Envelope:
    """Return the envelope of a statement that was signed outside, by the process of a role."""
    return Envelope(
        payload=base64.b64encode(payload_of(statement)).decode(),
        payload_type=PAYLOAD_TYPE,
        signatures=(Signature(keyid=key_id, sig=base64.b64encode(signature).decode()),),
    )


def is_signed_by(envelope: Envelope, key: Key) -> bool:
    """Tell whether the envelope's one signature was made with that key."""
    from cryptography.exceptions import InvalidSignature

    if envelope.key_id() != key.id:
        return False
    try:
        signature = base64.b64decode(envelope.signatures[0].sig, validate=True)
        _public_key(key.public).verify(signature, envelope.signed_bytes())
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


@lru_cache(maxsize=64)
def _public_key(text: str) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text))


def statement_in(envelope: Envelope) -> Statement | None:
    """Return the statement in the payload; None where the payload is not a canonical statement."""
    if envelope.payload_type != PAYLOAD_TYPE:
        return None
    try:
        body = envelope.body()
        statement = STATEMENT.validate_json(body)
        if _LONG_INTEGER.search(body):
            predicate = {name: _by_doubles(value) for name, value in statement.predicate.items()}
            statement = statement.model_copy(update={"predicate": predicate})
        return statement if payload_of(statement) == body else None
    except (ValidationError, ValueError, OverflowError, binascii.Error):
        return None


def _by_doubles(value: JsonValue) -> JsonValue:
    """Return a value whose large integers are the floats that RFC 8785 writes like them.

    Raises OverflowError for what no float can hold.
    """
    if isinstance(value, dict):
        return {name: _by_doubles(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_by_doubles(inner) for inner in value]
    if isinstance(value, int) and abs(value) >= TOO_LARGE:
        return float(value)
    return value
