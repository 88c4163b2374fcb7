"""Gitea as the company's provider of sign-in: its clients, its forms, its groups and its tokens.

Groups are teams of an organisation; in a token Gitea calls one ``<organisation>:<team>``.
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from pydantic import JsonValue

from contracts.browsers import Browser
from contracts.providers import signed_with_what_is_public
from servers.certificates import self_signed
from servers.gitea_world import set_up
from turnpike.forge.web import WebApi
from turnpike.loopback.gitea import Gitea, Tls, start_gitea, token_of
from turnpike.loopback.processes import Processes
from turnpike.signon.provider import Client

Claims = dict[str, Any]
Tokens = dict[str, str]
_GRANT = 'action="/login/oauth/grant">'
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
PASSWORD = "a password of a person"  # noqa: S105 - a test's


@dataclass
class GiteaBrowser(Browser):
    """Fills in Gitea's own forms as ``account``: who it is, and that our pages may know it."""

    account: str = "maria-lopez"

    def get(self, address: str) -> httpx.Response:
        answer = self.web.get(address)
        place = answer.headers.get("Location", "")
        if answer.status_code in {302, 303} and urlsplit(place).path == "/user/login":
            self._sign_in(urljoin(address, "/user/login"))
            answer = self.web.get(address)
        if answer.status_code == 200 and _GRANT in answer.text:
            return self._grant(address, answer.text)
        return answer

    def _sign_in(self, form: str) -> None:
        answer = self.web.post(
            form,
            data={"user_name": self.account, "password": PASSWORD},
            headers={"Origin": form.removesuffix("/user/login")},
        )
        assert answer.status_code in {302, 303}, f"{answer.status_code} {answer.text[:800]}"

    def _grant(self, address: str, page: str) -> httpx.Response:
        """Press the button that gives a client leave; Gitea asks each person once."""
        form = page.partition(_GRANT)[2].partition("</form>")[0]
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(form)}
        return self.web.post(
            urljoin(address, "/login/oauth/grant"),
            data={**hidden, "granted": "true"},
            headers={"Origin": address.partition("/login/")[0]},
        )


@contextmanager
def gitea_over_tls(folder: Path, processes: Processes) -> Iterator[tuple[Gitea, WebApi, Tls]]:
    """Start a Gitea that is served over TLS; what the block asks trusts its certificate."""
    tls = Tls(folder / "provider.crt", folder / "provider.key")
    for file, content in zip((tls.certificate, tls.key), self_signed("provider"), strict=True):
        file.write_bytes(content)
    with pytest.MonkeyPatch.context() as environ:
        for name, value in trusting(tls).items():
            environ.setenv(name, value)
        gitea = start_gitea(set_up("gitea"), folder / "gitea", processes, tls=tls)
        secret = token_of(gitea, gitea.administrator, "all")
        yield gitea, WebApi(gitea.url, {"Authorization": f"token {secret}"}), tls


def trusting(tls: Tls) -> Mapping[str, str]:
    """Return the environment of a program that trusts a certificate as its machine's own."""
    return dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), str(tls.certificate))


def add_client(api: WebApi, name: str, *redirects: str) -> Client:
    """Make a client whose people come back to one of ``redirects``."""
    wanted: dict[str, JsonValue] = {
        "name": name,
        "confidential_client": True,
        "redirect_uris": list(redirects),
    }
    made = api.send("POST", "/api/v1/user/applications/oauth2", wanted)
    assert isinstance(made, dict)
    return Client(str(made["client_id"]), str(made["client_secret"]))


def add_group(api: WebApi, organisation: str, group: str, *accounts: str) -> int:
    """Make a team of an organisation with members, and return its number."""
    wanted: dict[str, JsonValue] = {"name": group, "permission": "read", "units": ["repo.code"]}
    made = api.send("POST", f"/api/v1/orgs/{organisation}/teams", wanted)
    assert isinstance(made, dict)
    number = int(str(made["id"]))
    for account in accounts:
        join_group(api, number, account)
    return number


def join_group(api: WebApi, number: int, account: str) -> None:
    """Take an account into a team."""
    api.send("PUT", f"/api/v1/teams/{number}/members/{account}", {})


def leave_group(api: WebApi, number: int, account: str) -> None:
    """Take an account out of a team."""
    api._send("DELETE", f"/api/v1/teams/{number}/members/{account}", {}, None)


def tokens_for(gitea: Gitea, client: Client, redirect: str, account: str) -> Tokens:
    """Sign in as a program of a person's does, by a code with PKCE; return what Gitea gives."""
    verifier = "v" * 43
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code", "client_id": client.id, "redirect_uri": redirect,
        "scope": "openid profile groups", "state": "s", "nonce": "n",
        "code_challenge": challenge, "code_challenge_method": "S256",
    }  # fmt: skip
    address = httpx.URL(f"{gitea.url}/login/oauth/authorize", params=query)
    back = GiteaBrowser(account=account).back_from(str(address), redirect)
    code = parse_qs(urlsplit(back).query)["code"][0]
    form = {"code": code, "code_verifier": verifier, "redirect_uri": redirect}
    return _granted(gitea, client, {"grant_type": "authorization_code", **form})


def refreshed(gitea: Gitea, client: Client, tokens: Tokens) -> Tokens:
    """Get the next tokens without the person, as such a program does after a while."""
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    return _granted(gitea, client, form)


def _granted(gitea: Gitea, client: Client, form: dict[str, str]) -> Tokens:
    known = {"client_id": client.id, "client_secret": client.secret}
    answer = httpx.post(f"{gitea.url}/login/oauth/access_token", data=form | known, timeout=120)
    assert answer.status_code == 200, answer.text
    return {name: str(value) for name, value in answer.json().items()}


def claims_of(token: str) -> Claims:
    """Return what a token says, whoever signed it."""
    found: Claims = jwt.decode(token, options={"verify_signature": False})
    return found


def key_name_of(token: str) -> str:
    """Return by which of its issuer's keys a token says it is signed."""
    return str(jwt.get_unverified_header(token)["kid"])


def signed_like(token: str, claims: Claims, key: RSAPrivateKey) -> str:
    """Sign claims as a token is signed, by a key under the name of that token's."""
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": key_name_of(token)})


def signing_key(gitea: Gitea) -> RSAPrivateKey:
    """Return the key by which Gitea signs, out of its own folder."""
    pem = next(gitea.settings.parent.rglob("jwt/private.pem")).read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    assert isinstance(key, RSAPrivateKey)
    return key


FOR_US_AND_NOW: tuple[tuple[Claims, int], ...] = (
    ({}, 200),  # the same token signed anew: what is refused below is so for the one claim
    ({"aud": ["another-program"]}, 401),
    ({"aud": None}, 401),
    ({"iss": "https://elsewhere.example.org"}, 401),
    ({"exp": -60}, 401),
    ({"exp": None}, 401),
    ({"nbf": 600}, 401),
)
"""What every program that signs people in answers to a token that is bent so; see ``bent``."""


def bent(token: str, now: int, **changes: Any) -> Claims:
    """Return a token's claims with changes: whole numbers are seconds from now, None takes out."""
    times = {name: now + value for name, value in changes.items() if isinstance(value, int)}
    claims = {**claims_of(token), **changes, **times}
    return {name: value for name, value in claims.items() if value is not None}


def forged(token: str, stranger: RSAPrivateKey, provider: RSAPrivateKey, more: Claims) -> Tokens:
    """Return tokens that the provider did not sign, by what is wrong; ``more`` they would claim."""
    claims, (head, body, signature) = claims_of(token), token.split(".")
    altered = jwt.encode({**claims, **more}, stranger, algorithm="RS256").split(".")[1]
    name = {"kid": key_name_of(token)}
    return {
        "another key": signed_like(token, claims, stranger),
        "no algorithm": jwt.encode(claims, "", algorithm="none", headers=name),
        "the public key as a secret": signed_with_what_is_public(claims, name["kid"], provider),
        "other claims": f"{head}.{altered}.{signature}",
        "no signature": f"{head}.{body}.",
    }
