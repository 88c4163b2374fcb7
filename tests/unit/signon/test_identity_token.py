"""A token is the provider's, for us, of this login and of now; any other is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from turnpike.errors import InputError
from turnpike.signon.identity_token import Expected, issuer_claimed_by, verified
from turnpike.signon.refusal import refused

ISSUER, CLIENT = "https://sso.example.org", "the-pages"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER = rsa.generate_private_key(public_exponent=65537, key_size=2048)
WEAK = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 (that it is too short is the claim)
CURVE = ec.generate_private_key(ec.SECP256R1())
EXPECTED = Expected(ISSUER, CLIENT, "the nonce")


def jwk(key: rsa.RSAPrivateKey) -> jwt.PyJWK:
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return jwt.PyJWK.from_dict({**public, "kid": "one", "alg": "RS256"})


def find_key(name: str | None) -> jwt.PyJWK:
    if name != "one":
        raise refused("sign-in.key", "a key of the provider", "another")
    return jwk(KEY)


@dataclass(frozen=True, slots=True)
class In:
    """A moment so many seconds from when a token is made, however late that is in a long run."""

    seconds: int


def claims(**bent: Any) -> dict[str, Any]:
    """Return the claims of an honest token, bent; None leaves one out."""
    said = {
        "iss": ISSUER, "aud": CLIENT, "sub": "7", "nonce": "the nonce",
        "iat": In(0), "exp": In(300), "name": "maria",
    } | bent  # fmt: skip
    now = int(time.time())
    told = {n: now + one.seconds if isinstance(one, In) else one for n, one in said.items()}
    return {name: value for name, value in told.items() if value is not None}


def part(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def signed(payload: bytes, key: rsa.RSAPrivateKey = KEY, **header: Any) -> str:
    """Return a token of any bytes, rightly signed: what PyJWT would not write itself."""
    return jwt.api_jws.encode(payload, key, algorithm="RS256", headers={"kid": "one"} | header)


def honest(**bent: Any) -> str:
    return signed(json.dumps(claims(**bent)).encode())


def code_of(token: str, expected: Expected = EXPECTED) -> str:
    with pytest.raises(InputError) as refusal:
        verified(token, expected, find_key)
    assert token[:40] not in str(refusal.value) or not token
    return refusal.value.code


def test_the_providers_token_for_this_login_is_taken_with_all_its_claims() -> None:
    found = verified(honest(iat=1_700_000_000), EXPECTED, find_key)
    assert found.keys() == claims().keys()
    assert (found["name"], found["iat"]) == ("maria", 1_700_000_000)
    assert verified(honest(aud=[CLIENT], azp=CLIENT), EXPECTED, find_key)["name"] == "maria"


def test_a_token_of_no_login_needs_no_nonce() -> None:
    run = Expected(ISSUER, CLIENT)
    assert verified(honest(nonce=None), run, find_key)["sub"] == "7"
    assert verified(honest(nonce="any"), run, find_key)["sub"] == "7"


@pytest.mark.parametrize(
    ("bent", "code"),
    [
        ({"aud": "another"}, "sign-in.audience"),
        ({"aud": [CLIENT, "another"]}, "sign-in.audience"),
        ({"aud": []}, "sign-in.claim"),
        ({"aud": [[CLIENT]]}, "sign-in.audience"),
        ({"aud": {CLIENT: True}}, "sign-in.audience"),
        ({"aud": f"{CLIENT} "}, "sign-in.audience"),
        ({"aud": None}, "sign-in.claim"),
        ({"azp": "another"}, "sign-in.audience"),
        ({"azp": [CLIENT]}, "sign-in.audience"),
        ({"iss": f"{ISSUER}/"}, "sign-in.issuer"),
        ({"iss": [ISSUER]}, "sign-in.issuer"),
        ({"iss": None}, "sign-in.claim"),
        ({"sub": None}, "sign-in.claim"),
        ({"iat": None}, "sign-in.claim"),
        ({"exp": None}, "sign-in.claim"),
        ({"exp": In(-60)}, "sign-in.expired"),
        ({"exp": -1}, "sign-in.expired"),
        ({"iat": In(600)}, "sign-in.not-yet"),
        ({"nbf": In(600)}, "sign-in.not-yet"),
        ({"nonce": "of another login"}, "sign-in.nonce"),
        ({"nonce": "the nonce "}, "sign-in.nonce"),
        ({"nonce": ""}, "sign-in.nonce"),
        ({"nonce": ["the nonce"]}, "sign-in.nonce"),
        ({"nonce": None}, "sign-in.nonce"),
        # Text that no bytes can hold, and numbers that no clock can: of the form of JSON as well.
        ({"nonce": "\ud800"}, "sign-in.nonce"),
        ({"exp": "soon"}, "sign-in.unreadable"),
        ({"exp": float("inf")}, "sign-in.unreadable"),
        ({"exp": [1]}, "sign-in.unreadable"),
        ({"exp": {}}, "sign-in.unreadable"),
        ({"iat": float("inf")}, "sign-in.unreadable"),
        ({"iat": [1]}, "sign-in.unreadable"),
        ({"nbf": float("nan")}, "sign-in.unreadable"),
        ({"sub": 7}, "sign-in.unreadable"),
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_says_anything_else_is_refused(bent: dict[str, Any], code: str) -> None:
    assert code_of(honest(**bent)) == code


@pytest.mark.parametrize(
    "payload", [b"", b"null", b"[]", b"7", b'"x"', b"{", b"\xff", b"[" * 40_000, b"9" * 5_000]
)
def test_what_is_signed_and_is_no_claims_is_refused(payload: bytes) -> None:
    assert code_of(signed(payload)) == "sign-in.unreadable"


def test_a_moment_of_two_clocks_is_forgiven_and_no_more() -> None:
    assert verified(honest(exp=In(-10)), EXPECTED, find_key)
    assert verified(honest(iat=In(20), nbf=In(20)), EXPECTED, find_key)


def test_the_public_key_is_no_secret_with_which_one_could_sign() -> None:
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    body = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(claims())}"
    forged = f"{body}.{part(hmac.new(public, body.encode(), hashlib.sha256).digest())}"
    assert code_of(forged) == "sign-in.algorithm"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, "HS256", "RS1", ["RS256"]])
def test_no_algorithm_but_those_listed_is_tried(algorithm: object) -> None:
    token = f"{part({'alg': algorithm, 'kid': 'one'})}.{part(claims())}."
    assert code_of(token) in ("sign-in.algorithm", "sign-in.unreadable")


def test_a_listed_algorithm_that_is_not_the_keys_is_refused() -> None:
    token = jwt.encode(claims(), CURVE, algorithm="ES256", headers={"kid": "one"})
    assert code_of(token) == "sign-in.algorithm"


def test_another_keys_signature_and_none_are_refused() -> None:
    assert code_of(signed(json.dumps(claims()).encode(), OTHER)) == "sign-in.signature"
    head, body, _ = honest().split(".")
    assert code_of(f"{head}.{body}.") == "sign-in.signature"
    other = honest(name="sam").split(".")[1]
    assert code_of(f"{head}.{other}.{honest().split('.')[2]}") == "sign-in.signature"


def test_a_key_that_is_too_short_to_trust_signs_nothing() -> None:
    body = f"{part({'alg': 'RS256', 'kid': 'one'})}.{part(claims())}"
    token = f"{body}.{part(WEAK.sign(body.encode(), PKCS1v15(), SHA256()))}"
    with pytest.raises(InputError) as refusal:
        verified(token, EXPECTED, lambda _: jwk(WEAK))
    assert refusal.value.code == "sign-in.unreadable"


def test_an_extension_that_must_be_understood_and_is_not_is_refused() -> None:
    """RFC 7515, section 4.1.11."""
    token = signed(json.dumps(claims()).encode(), crit=["x"], x=True)
    assert code_of(token) == "sign-in.unreadable"


def test_a_key_that_nobody_has_is_the_finders_to_refuse() -> None:
    assert code_of(signed(b"{}", kid="two")) == "sign-in.key"
    assert code_of(f"{part({'alg': 'RS256', 'kid': ['one']})}.{part({})}.x") in (
        "sign-in.key", "sign-in.unreadable",
    )  # fmt: skip


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "a.b.c", "é.é.é", "\ud800.b.c", "x" * 70_000, honest() + ".x", honest()[1:],
     f"{part(b'[' * 30_000)}.{part({})}.x", f"{part([])}.{part({})}.x"],
    ids=lambda token: ascii(token[:12]),
)  # fmt: skip
def test_what_is_no_token_is_refused_and_nothing_fails(token: str) -> None:
    assert code_of(token) == "sign-in.unreadable"
    assert issuer_claimed_by(token) is None or token.startswith("ey")


@given(st.text(max_size=60) | st.lists(st.text("eyJ0.", max_size=8), max_size=4).map(".".join))
def test_any_text_is_refused_in_the_words_of_every_other_refusal(token: str) -> None:
    with pytest.raises(InputError) as refusal:
        verified(token, EXPECTED, find_key)
    assert refusal.value.code.startswith("sign-in.")
    assert issuer_claimed_by(token) is None


def test_who_a_token_says_it_is_by_proves_nothing_and_never_fails() -> None:
    assert issuer_claimed_by(honest(iss="https://mallory.example")) == "https://mallory.example"
    assert issuer_claimed_by(honest(iss=None)) is None
    assert issuer_claimed_by(honest(iss=["a"])) is None
    assert issuer_claimed_by(signed(b"[" * 40_000)) is None
    assert issuer_claimed_by(honest(name="x" * 100_000)) is None
