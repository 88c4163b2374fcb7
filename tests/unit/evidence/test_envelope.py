"""The DSSE envelope: what is signed, and which signatures count."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from turnpike.documents.canonical import digest_of_document
from turnpike.documents.identifiers import digest_of
from turnpike.evidence.envelope import (
    ENVELOPE,
    Envelope,
    Signature,
    encode_for_signing,
    envelope_of,
    is_signed_by,
    statement_in,
)
from turnpike.evidence.statement import PAYLOAD_TYPE, SCAN, statement_about
from turnpike.topology.key import KEY, Key

ARTIFACT = digest_of(b"artifact")
STATEMENT = statement_about("oncology/tumour", ARTIFACT, SCAN, {"checks": ["ü", 1, 0.5]})


def key_pair() -> tuple[Ed25519PrivateKey, Key]:
    """Return a private key and the document of its public half."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    document = {
        "apiVersion": "turnpike.dev/v1",
        "kind": "Key",
        "name": "validator",
        "role": "validator",
        "id": digest_of(public),
        "public": base64.b64encode(public).decode(),
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00Z",
    }
    return private, KEY.validate_json(json.dumps(document))


def signed(private: Ed25519PrivateKey, key: Key) -> Envelope:
    """Return the statement's envelope, signed."""
    unsigned = envelope_of(STATEMENT, key.id, b"")
    return envelope_of(STATEMENT, key.id, private.sign(unsigned.signed_bytes()))


def test_the_pre_authentication_encoding_is_that_of_the_dsse_protocol() -> None:
    encoded = encode_for_signing("http://example.com/HelloWorld", b"hello world")
    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_lengths_count_bytes_and_not_letters() -> None:
    assert encode_for_signing("ü", "ß".encode()) == "DSSEv1 2 ü 2 ß".encode()


@given(st.text(max_size=20), st.binary(max_size=20), st.text(max_size=20), st.binary(max_size=20))
def test_two_payloads_never_share_an_encoding(
    kind: str, body: bytes, other_kind: str, other_body: bytes
) -> None:
    same = (kind, body) == (other_kind, other_body)
    assert (encode_for_signing(kind, body) == encode_for_signing(other_kind, other_body)) == same


def test_a_signature_of_the_key_counts() -> None:
    private, key = key_pair()
    assert is_signed_by(signed(private, key), key)


def test_a_signature_of_another_key_under_the_same_id_does_not_count() -> None:
    _, key = key_pair()
    stranger, _ = key_pair()
    assert not is_signed_by(signed(stranger, key), key)


def test_the_right_signature_under_another_id_does_not_count() -> None:
    private, key = key_pair()
    _, other = key_pair()
    assert not is_signed_by(signed(private, key), other)


@pytest.mark.parametrize("field", ["payload", "payload_type"])
def test_nothing_can_be_edited_after_signing(field: str) -> None:
    private, key = key_pair()
    envelope = signed(private, key)
    edited = {"payload": base64.b64encode(b"{}").decode(), "payload_type": "text/plain"}[field]
    assert not is_signed_by(envelope.model_copy(update={field: edited}), key)


def test_a_signature_that_is_not_base64_is_no_signature() -> None:
    private, key = key_pair()
    signature = (Signature(keyid=key.id, sig="no base64!"),)
    assert not is_signed_by(signed(private, key).model_copy(update={"signatures": signature}), key)


def test_the_statement_comes_back_out_of_its_envelope() -> None:
    private, key = key_pair()
    assert statement_in(signed(private, key)) == STATEMENT


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"\xff", b'{"a": NaN}', b'{"_type": "x", "_type": "y"}']
)
def test_a_payload_that_is_no_statement_gives_none(body: bytes) -> None:
    envelope = Envelope(
        payload=base64.b64encode(body).decode(),
        payload_type=PAYLOAD_TYPE,
        signatures=(Signature(keyid="sha256:0", sig=""),),
    )
    assert statement_in(envelope) is None


@pytest.mark.parametrize("number", [2.0**53, -1e16, 123456789e12, 1e300])
def test_a_statement_with_a_large_float_comes_back_out_of_its_envelope(number: float) -> None:
    private, key = key_pair()
    measured = statement_about("oncology/tumour", ARTIFACT, SCAN, {"metrics": {"mse": number}})
    unsigned = envelope_of(measured, key.id, b"")
    envelope = envelope_of(measured, key.id, private.sign(unsigned.signed_bytes()))
    assert statement_in(envelope) == measured


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 10**16 + 1, 10**23, 10**400])
def test_a_number_that_json_readers_would_round_gives_none(number: int) -> None:
    private, key = key_pair()
    envelope = signed(private, key)
    body = envelope.body().replace(b'"\xc3\xbc",1,', f'"\u00fc",{number},'.encode())
    assert str(number).encode() in body
    rounded = base64.b64encode(body).decode()
    assert statement_in(envelope.model_copy(update={"payload": rounded})) is None


def test_a_statement_in_other_than_canonical_bytes_gives_none() -> None:
    private, key = key_pair()
    envelope = signed(private, key)
    spaced = base64.b64encode(envelope.body().replace(b",", b", ", 1)).decode()
    assert statement_in(envelope.model_copy(update={"payload": spaced})) is None


def test_an_envelope_has_exactly_one_signature() -> None:
    one = {"keyid": "a", "sig": "b"}
    for signatures in ([], [one, one]):
        with pytest.raises(ValidationError):
            ENVELOPE.validate_python(
                {"payload": "", "payloadType": PAYLOAD_TYPE, "signatures": signatures}
            )


def test_envelopes_are_filed_by_their_own_digest() -> None:
    private, key = key_pair()
    envelope = signed(private, key)
    again = ENVELOPE.validate_json(envelope.model_dump_json(by_alias=True))
    assert again.digest() == envelope.digest()
    other = signed(*key_pair())
    assert other.digest() != envelope.digest()


def test_a_digest_is_that_of_the_envelope_as_it_is() -> None:
    envelope = envelope_of(STATEMENT, ARTIFACT, b"signature")
    first = envelope.digest()
    assert first == digest_of_document(envelope) == envelope.model_copy().digest()
    other = envelope.model_copy(update={"payload": envelope.payload + "AA"})
    assert other.digest() == digest_of_document(other) != first
