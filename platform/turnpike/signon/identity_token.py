"""Whether an identity token is the provider's, for us, of this very login, and of now.

Source: OpenID Connect Core 1.0, section 3.1.3.7 (the numbers below); RFC 8725 on JWTs. PyJWT
verifies; what it leaves to its caller is asked here.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass

import jwt

from turnpike.errors import InputError
from turnpike.signon.refusal import refused

ALGORITHMS = frozenset(("RS256", "PS256", "ES256", "EdDSA"))
"""Asymmetric ones alone: a secret shared with the provider, or none, signs nobody in."""

LEEWAY_SECONDS = 30
_REQUIRED = ["iss", "sub", "aud", "exp", "iat"]
_LARGEST = 64 * 1024

FindKey = Callable[[str | None], jwt.PyJWK]
"""Returns the provider's key of an id; raises InputError where it has none of that id."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the token of one login must say; a token of no login has no nonce."""

    issuer: str
    audience: str
    nonce: str | None = None


def verified(token: str, expected: Expected, find_key: FindKey) -> dict[str, object]:
    """Return the token's claims; raises InputError for whatever is wrong with it."""
    key = _key(token, find_key)
    try:
        claims: dict[str, object] = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            audience=expected.audience,  # 3: for us
            issuer=expected.issuer,  # 2: by the one provider
            leeway=LEEWAY_SECONDS,  # 9, 10: not expired, and not of the future
            options={"require": _REQUIRED, "enforce_minimum_key_length": True},
        )
    except jwt.PyJWTError as error:
        raise _refusal(error, expected) from error
    _require_us_alone(claims, expected.audience)
    _require_nonce(claims, expected.nonce)
    return claims


def issuer_claimed_by(token: str) -> str | None:
    """Return by whom a token says that it is, to know whose keys to ask for; proves nothing."""
    if not token.isascii():
        return None
    try:
        claims = jwt.decode(token[:_LARGEST], options={"verify_signature": False})
    except (jwt.PyJWTError, RecursionError):
        return None
    issuer = claims.get("iss")
    return issuer if isinstance(issuer, str) else None


def _key(token: str, find_key: FindKey) -> jwt.PyJWK:
    """Return the key that the token names, if a token signed by it could count at all (6, 7)."""
    if len(token) > _LARGEST:
        raise refused("sign-in.unreadable", f"a token of at most {_LARGEST} bytes", "a larger one")
    if not token.isascii():
        raise refused("sign-in.unreadable", "a signed identity token", "text beyond ASCII")
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, RecursionError) as error:
        raise refused(
            "sign-in.unreadable", "a signed identity token", type(error).__name__
        ) from error
    algorithm = str(header.get("alg"))
    if algorithm not in ALGORITHMS:
        raise refused(
            "sign-in.algorithm", f"one of {', '.join(sorted(ALGORITHMS))}", algorithm[:20]
        )
    name = header.get("kid")
    return find_key(name if isinstance(name, str) else None)


def _require_us_alone(claims: dict[str, object], client: str) -> None:
    """3 to 5: a token for others as well must at least have been asked for by us."""
    audience = claims["aud"]
    others = isinstance(audience, list) and any(one != client for one in audience)
    if others or claims.get("azp", client) != client:
        raise refused("sign-in.audience", f"a token for {client} alone", "one for others as well")


def _require_nonce(claims: dict[str, object], nonce: str | None) -> None:
    """11: the token is of this login, and no other's that was overheard."""
    if nonce is None:
        return
    said = claims.get("nonce")
    # JSON may hold halves of characters, which are no text that could be encoded.
    found = said.encode(errors="surrogatepass") if isinstance(said, str) else None
    if found is None or not hmac.compare_digest(found, nonce.encode()):
        raise refused("sign-in.nonce", "the nonce of this login", "another, or none")


def _refusal(error: jwt.PyJWTError, expected: Expected) -> InputError:
    known: tuple[tuple[type[jwt.PyJWTError], str, str], ...] = (
        (jwt.InvalidAudienceError, "sign-in.audience", f"a token for {expected.audience}"),
        (jwt.InvalidIssuerError, "sign-in.issuer", f"a token of {expected.issuer}"),
        (jwt.ExpiredSignatureError, "sign-in.expired", "a token that has not expired"),
        (jwt.ImmatureSignatureError, "sign-in.not-yet", "a token that is valid by now"),
        (jwt.MissingRequiredClaimError, "sign-in.claim", f"the claims {', '.join(_REQUIRED)}"),
        (jwt.InvalidSignatureError, "sign-in.signature", "a signature by the provider's key"),
        (jwt.InvalidAlgorithmError, "sign-in.algorithm", "the algorithm of the provider's key"),
    )
    for kind, code, wanted in known:
        if isinstance(error, kind):
            return refused(code, wanted, "another, or none")
    return refused("sign-in.unreadable", "a signed identity token", type(error).__name__)
