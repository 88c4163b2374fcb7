"""One login: the authorization code flow with PKCE, from the first redirect to who it is.

Sources: OpenID Connect Core 1.0, section 3.1; RFC 7636 (S256); RFC 9207 (``iss`` of an answer); RFC
9700 on state, nonce and what is used once. What is secret of a login in progress stays here; the
browser holds a state for the provider, and a cookie which shows that it is the same browser.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from turnpike.signon.identity_token import Expected, verified
from turnpike.signon.provider import Client, Provider
from turnpike.signon.refusal import refused

SECONDS = 600.0
"""So long a person may take at the provider."""
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Begun:
    """Where a browser is sent, and the cookie that it must bring back."""

    address: str
    binding: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Pending:
    binding: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    page: str
    until: float


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider names: its claims, and the page that was asked for before the login."""

    claims: Mapping[str, object]
    page: str


class Logins:
    """The logins in progress of one client at one provider; each is finished once, or never."""

    def __init__(
        self, provider: Provider, client: Client, redirect: str, clock: Callable[[], float]
    ) -> None:
        self._provider, self._client, self._redirect = provider, client, redirect
        self._clock = clock
        self._pending: dict[str, _Pending] = {}
        self._lock = threading.Lock()

    def begin(self, page: str) -> Begun:
        """Begin a login for a page of ours; raises Unavailable where the provider is not there."""
        endpoint = self._provider.metadata.authorization_endpoint
        state, binding, nonce = (secrets.token_urlsafe(32) for _ in range(3))
        verifier = secrets.token_urlsafe(48)
        pending = _Pending(binding, nonce, verifier, page, self._clock() + SECONDS)
        with self._lock:
            self._forget()
            self._pending[state] = pending
        query = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": self._redirect,
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        return Begun(f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}", binding)

    def finish(self, answer: Mapping[str, str], binding: str) -> Identity:
        """Return who it is; raises InputError for a login that is not the one that was begun.

        ``answer`` are the parameters with which the provider sends the browser back, ``binding``
        its cookie.
        """
        pending = self._taken(answer.get("state", ""))
        if not hmac.compare_digest(pending.binding.encode(), binding.encode()):
            raise refused("sign-in.browser", "the browser that began this login", "another")
        if answer.get("iss", self._provider.issuer) != self._provider.issuer:
            raise refused(
                "sign-in.issuer", f"an answer of {self._provider.issuer}", "one of another"
            )
        code = answer.get("code", "")
        if not code or "error" in answer:
            raise refused("sign-in.denied", "a code", "none: the provider let nobody in")
        token = self._provider.token_for(code, pending.verifier, self._redirect, self._client)
        expected = Expected(self._provider.issuer, self._client.id, pending.nonce)
        return Identity(verified(token, expected, self._provider.key), pending.page)

    def _taken(self, state: str) -> _Pending:
        """Take a login out, whatever becomes of it: a state is good for one answer."""
        with self._lock:
            pending = self._pending.pop(state, None)
        if pending is None or pending.until < self._clock():
            raise refused(
                "sign-in.state", "the state of a login in progress", "another, or one used up"
            )
        return pending

    def _forget(self) -> None:
        """Leave out what took too long, and the oldest where strangers begin without end."""
        now = self._clock()
        kept = [(state, one) for state, one in self._pending.items() if one.until >= now]
        self._pending = dict(kept[-_MOST + 1 :])


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return urlsafe_b64encode(digest).decode("ascii").rstrip("=")
