"""An OpenID provider over HTTP: what it says of itself, its keys, and tokens for codes.

Sources: OpenID Connect Discovery 1.0, sections 3 and 4; Core 1.0, section 3.1.3; RFC 7636 (PKCE).
Only addresses over TLS are asked, or on loopback; redirects are followed nowhere.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
import jwt
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from turnpike.signon.identity_token import ALGORITHMS
from turnpike.signon.refusal import refused, unreachable

_SECONDS = httpx.Timeout(10.0, connect=5.0)
_LARGEST = 256 * 1024
_KEYS_FOR_SECONDS = 300.0
_ASK_AGAIN_AFTER_SECONDS = 10.0
_SAFE = re.compile(r"(https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/])")


class Metadata(BaseModel):
    """What a provider says of itself, as far as it is used."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


@dataclass(frozen=True, slots=True)
class Client:
    """How the provider knows us; without a secret the client is a public one."""

    id: str
    secret: str = field(default="", repr=False)


class Provider:
    """One provider; its keys are asked for again after five minutes, or when one is unknown."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self._web = httpx.Client(timeout=_SECONDS, follow_redirects=False)
        self._lock = threading.Lock()
        self._metadata: Metadata | None = None
        self._keys: Mapping[str | None, jwt.PyJWK] = {}
        self._asked_at: float | None = None

    def close(self) -> None:
        """End all connections."""
        self._web.close()

    @property
    def metadata(self) -> Metadata:
        """Return what the provider says of itself; raises Unavailable for any other answer."""
        if self._metadata is None:
            place = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            self._metadata = _metadata(self._get(place), self.issuer)
        return self._metadata

    def token_for(self, code: str, verifier: str, redirect: str, client: Client) -> str:
        """Return the identity token for a code; raises InputError where the provider refuses."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "code_verifier": verifier,
            "redirect_uri": redirect,
            "client_id": client.id,
        }
        secret = {"client_secret": client.secret} if client.secret else {}
        request = self._web.build_request("POST", self.metadata.token_endpoint, data=form | secret)
        status, value = self._asked(request)
        if 400 <= status < 500:
            raise refused("sign-in.code", "a code that the provider takes", f"HTTP status {status}")
        token = value.get("id_token") if isinstance(value, dict) else None
        if status != 200 or not isinstance(token, str):
            raise unreachable("an identity token", f"HTTP status {status} without one")
        return token

    def key(self, name: str | None) -> jwt.PyJWK:
        """Return a signing key by its id; raises InputError where the provider has none such.

        A token without an id is of the only key, where there is but one.
        """
        with self._lock:
            if self._is_due(name):
                self._keys, self._asked_at = self._read_keys(), time.monotonic()
            keys = self._keys
        only = next(iter(keys.values())) if name is None and len(keys) == 1 else None
        found = keys.get(name) or only
        if found is None:
            raise refused("sign-in.key", "a key that the provider publishes", "an unknown one")
        return found

    def _is_due(self, name: str | None) -> bool:
        if self._asked_at is None:
            return True
        age = time.monotonic() - self._asked_at
        unknown = name is not None and name not in self._keys
        return age > _KEYS_FOR_SECONDS or (unknown and age > _ASK_AGAIN_AFTER_SECONDS)

    def _read_keys(self) -> Mapping[str | None, jwt.PyJWK]:
        value = self._get(self.metadata.jwks_uri)
        listed = value.get("keys") if isinstance(value, dict) else None
        if not isinstance(listed, list):
            raise unreachable("a list of keys", "none")
        found = (_key(one) for one in listed if isinstance(one, dict))
        return {key.key_id: key for key in found if key is not None}

    def _get(self, address: str) -> JsonValue:
        status, value = self._asked(self._web.build_request("GET", address))
        if status != 200:
            raise unreachable(f"an answer at {address}", f"HTTP status {status}")
        return value

    def _asked(self, request: httpx.Request) -> tuple[int, JsonValue]:
        """Return status and JSON; null for what is no JSON, which no caller takes."""
        try:
            status, content = self._read(request)
        except httpx.HTTPError as error:
            raise unreachable(f"an answer at {request.url}", type(error).__name__) from error
        try:
            value: JsonValue = json.loads(content)
        except (ValueError, RecursionError):
            return status, None
        return status, value

    def _read(self, request: httpx.Request) -> tuple[int, bytes]:
        content = bytearray()
        answer = self._web.send(request, stream=True)
        try:
            for block in answer.iter_bytes():
                content += block
                if len(content) > _LARGEST:
                    raise unreachable(f"at most {_LARGEST} bytes", "more")
        finally:
            answer.close()
        return answer.status_code, bytes(content)


def _metadata(value: JsonValue, issuer: str) -> Metadata:
    try:
        found = Metadata.model_validate(value)
    except ValidationError as error:
        first = ".".join(str(step) for step in error.errors()[0]["loc"])
        raise unreachable("the metadata of an OpenID provider", f"no usable {first}") from error
    if found.issuer != issuer:
        raise unreachable(f"the provider to call itself {issuer}", found.issuer[:200])
    for place in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
        if not _SAFE.match(place):
            raise unreachable("addresses over TLS, or on loopback", place[:200])
    return found


def _key(listed: dict[str, JsonValue]) -> jwt.PyJWK | None:
    """Return a key that could sign an identity token; others a provider may list as it likes."""
    if listed.get("use", "sig") != "sig":
        return None
    try:
        key = jwt.PyJWK.from_dict(listed)
    except jwt.PyJWTError:
        return None
    return key if key.algorithm_name in ALGORITHMS else None
