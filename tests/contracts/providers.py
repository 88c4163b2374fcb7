"""A provider of OpenID Connect with keys of its own, which says what it is told to say.

A real server on loopback. Honest, it passes the same login contract as Gitea; hostile, it gives out
the tokens that an honest one never would.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from contracts.serving import serving

Claims = dict[str, Any]
Sign = Callable[["OwnProvider", Claims], str]


def honest(provider: OwnProvider, claims: Claims) -> str:
    """Sign the claims as they are, with the key that the provider publishes."""
    return jwt.encode(claims, provider.key, algorithm="RS256", headers={"kid": "one"})


def signed_with_what_is_public(claims: Claims, name: str, key: RSAPrivateKey) -> str:
    """Take an algorithm for another: HMAC by the key that everybody knows (RFC 8725, 2.1)."""
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    head, body = (
        jwt.utils.base64url_encode(json.dumps(part).encode())
        for part in ({"alg": "HS256", "kid": name, "typ": "JWT"}, claims)
    )
    signature = jwt.utils.base64url_encode(hmac.digest(public, head + b"." + body, "sha256"))
    return b".".join((head, body, signature)).decode()


@dataclass
class OwnProvider:
    """One provider with one client; ``account`` is who comes to sign in, ``sign`` how it lies."""

    issuer: str
    client: str = "the-pages"
    secret: str = "a secret of the client"  # noqa: S105 - a test's
    account: str = "maria-lopez"
    sign: Sign = honest
    key: RSAPrivateKey = field(default_factory=lambda: generate_private_key(65537, 2048))
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    answered_as: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)

    def described(self) -> Claims:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        } | self.metadata

    def published(self) -> Claims:
        own = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**own, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def claims(self, nonce: str) -> Claims:
        now = int(time.time())
        return {
            "iss": self.issuer, "aud": self.client, "sub": "7", "nonce": nonce,
            "iat": now, "exp": now + 300, "preferred_username": self.account,
        }  # fmt: skip

    def authorized(self, asked: Mapping[str, str]) -> str:
        """Let the account in, and return where its browser goes next."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"]}
        if self.answered_as:
            answer["iss"] = self.answered_as
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, form: Mapping[str, str]) -> Claims | None:
        """Return the tokens for a code, once; None for a code, client or verifier that is wrong."""
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != self.secret:
            return None
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = urlsafe_b64encode(digest).decode().rstrip("=")
        same = all(form[name] == asked[name] for name in ("client_id", "redirect_uri"))
        if challenge != asked["code_challenge"] or not same:
            return None
        token = self.sign(self, self.claims(asked["nonce"]))
        return {"id_token": token, "token_type": "Bearer", "access_token": "of no use"}


@contextmanager
def own_provider() -> Iterator[OwnProvider]:
    """Serve a provider on loopback until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = OwnProvider(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"provider": provider})
    with serving(server):
        yield provider


class _Handler(BaseHTTPRequestHandler):
    provider: OwnProvider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorized(dict(parse_qsl(parts.query))))
            self.end_headers()
            return
        pages = {
            "/.well-known/openid-configuration": self.provider.described,
            "/keys": self.provider.published,
        }
        self._say(200, pages[parts.path]())

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        tokens = self.provider.token(form | self._known_by_header())
        self._say(200 if tokens else 400, tokens or {"error": "invalid_grant"})

    def _known_by_header(self) -> dict[str, str]:
        """Return who a client says it is by HTTP Basic, which it may (RFC 6749, 2.3.1)."""
        kind, _, said = self.headers.get("Authorization", "").partition(" ")
        if kind != "Basic":
            return {}
        name, _, secret = b64decode(said).decode().partition(":")
        return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}

    def _say(self, status: int, value: Claims) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's word
        pass
