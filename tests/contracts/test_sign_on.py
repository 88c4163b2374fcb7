"""A login by a provider that lies lets nobody in, whatever it is that it lies about."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from contracts.browsers import Browser, PagesOfATest, pages
from contracts.providers import (
    Claims,
    OwnProvider,
    Sign,
    honest,
    own_provider,
    signed_with_what_is_public,
)
from contracts.sign_on_contract import SignOnContract, SignOnWorld
from turnpike.documents.reading import read
from turnpike.signon.provider import Client
from turnpike.topology.organisation import ORGANISATION, Organisation

ROOT = Path(__file__).resolve().parents[2]
_FILE = "policies/data/organisation.yaml"


def aurora() -> Organisation:
    return read(ORGANISATION, (ROOT / _FILE).read_bytes(), _FILE)


@pytest.fixture
def provider() -> Iterator[OwnProvider]:
    with own_provider() as found:
        yield found


@pytest.fixture
def world(provider: OwnProvider) -> Iterator[SignOnWorld]:
    site = PagesOfATest(aurora(), "embedded")
    with pages(site, provider.issuer, Client(provider.client, provider.secret)) as served:
        yield SignOnWorld(served, Browser())


class TestOwnProvider(SignOnContract):
    """The provider of these tests passes what Gitea passes."""


def saying(**bent: Any) -> Sign:
    """Return what signs claims that are bent; None takes one out."""

    def sign(provider: OwnProvider, claims: Claims) -> str:
        merged = {**claims, **bent}
        return honest(provider, {k: v for k, v in merged.items() if v is not None})

    return sign


def with_another_key(provider: OwnProvider, claims: Claims) -> str:
    stranger = generate_private_key(65537, 2048)
    return jwt.encode(claims, stranger, algorithm="RS256", headers={"kid": "one"})


def with_an_unknown_key(provider: OwnProvider, claims: Claims) -> str:
    return jwt.encode(claims, provider.key, algorithm="RS256", headers={"kid": "two"})


def with_no_signature(provider: OwnProvider, claims: Claims) -> str:
    return jwt.encode(claims, "", algorithm="none", headers={"kid": "one"})


def with_the_public_key_as_a_secret(provider: OwnProvider, claims: Claims) -> str:
    return signed_with_what_is_public(claims, "one", provider.key)


def with_a_changed_claim(provider: OwnProvider, claims: Claims) -> str:
    head, _, signature = honest(provider, claims).split(".")
    body = jwt.utils.base64url_encode(
        json.dumps({**claims, "preferred_username": "sam-rivera"}).encode()
    )
    return f"{head}.{body.decode()}.{signature}"


def with_its_own_key_inside(provider: OwnProvider, claims: Claims) -> str:
    stranger = generate_private_key(65537, 2048)
    inside = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(stranger.public_key()))
    return jwt.encode(claims, stranger, algorithm="RS256", headers={"kid": "one", "jwk": inside})


def no_token(provider: OwnProvider, claims: Claims) -> str:
    return "no token"


_NOW = int(time.time())
_LIES: dict[str, tuple[Sign, str]] = {
    "audience": (saying(aud="another-client"), "sign-in.audience"),
    "audiences": (saying(aud=["the-pages", "another-client"]), "sign-in.audience"),
    "authorized party": (saying(azp="another-client"), "sign-in.audience"),
    "no audience": (saying(aud=None), "sign-in.claim"),
    "issuer": (saying(iss="https://elsewhere.example.org"), "sign-in.issuer"),
    "issuer but for a slash": (
        lambda p, c: honest(p, {**c, "iss": f"{p.issuer}/"}), "sign-in.issuer",
    ),
    "nonce": (saying(nonce="of another login"), "sign-in.nonce"),
    "no nonce": (saying(nonce=None), "sign-in.nonce"),
    "a nonce that is no text": (saying(nonce=7), "sign-in.nonce"),
    "expired": (saying(iat=_NOW - 7200, exp=_NOW - 3600), "sign-in.expired"),
    "without expiry": (saying(exp=None), "sign-in.claim"),
    "of the future": (saying(iat=_NOW + 7200, exp=_NOW + 9000), "sign-in.not-yet"),
    "not yet": (saying(nbf=_NOW + 7200), "sign-in.not-yet"),
    "another key": (with_another_key, "sign-in.signature"),
    "unknown key": (with_an_unknown_key, "sign-in.key"),
    "alg none": (with_no_signature, "sign-in.algorithm"),
    "alg confused": (with_the_public_key_as_a_secret, "sign-in.algorithm"),
    "changed": (with_a_changed_claim, "sign-in.signature"),
    "its own key": (with_its_own_key_inside, "sign-in.signature"),
    "no token": (no_token, "sign-in.unreadable"),
    "no account": (saying(preferred_username=None), "sign-in.claim"),
    "an account that is no text": (saying(preferred_username=["maria-lopez"]), "sign-in.claim"),
    "an account of nobody": (saying(preferred_username="mallory"), "sign-in.unknown-account"),
    "an account of a bot": (saying(preferred_username="turnpike-bot"), "sign-in.unknown-account"),
}  # fmt: skip


@pytest.mark.parametrize("lie", _LIES)
def test_a_lie_lets_nobody_in(world: SignOnWorld, provider: OwnProvider, lie: str) -> None:
    provider.sign, code = _LIES[lie]
    answer = world.browser.signed_in(world.pages.url)
    assert answer.status_code in {400, 403}
    assert code in answer.text
    assert "set-cookie" not in answer.headers
    assert world.browser.get(f"{world.pages.url}/").status_code == 302


def test_an_answer_in_another_providers_name_is_refused(
    world: SignOnWorld, provider: OwnProvider
) -> None:
    provider.answered_as = "https://elsewhere.example.org"
    answer = world.browser.signed_in(world.pages.url)
    assert answer.status_code == 400
    assert "sign-in.issuer" in answer.text


def test_a_login_that_the_provider_denies_is_told(world: SignOnWorld) -> None:
    asked = world.browser.sent_to_provider(f"{world.pages.url}/")
    state = asked.partition("state=")[2].partition("&")[0]
    back = f"{world.pages.url}/sign-in/callback?error=access_denied&state={state}"
    answer = world.browser.get(back)
    assert answer.status_code == 400
    assert "sign-in.denied" in answer.text


@pytest.mark.parametrize("metadata", [
    {"issuer": "https://elsewhere.example.org"}, {"token_endpoint": "http://elsewhere.example.org/"},
    {"jwks_uri": "file:///etc/passwd"}, {"authorization_endpoint": 7},
    {"authorization_endpoint": "http://127.0.0.1.elsewhere.example.org/"},
])  # fmt: skip
def test_a_provider_that_is_not_whom_it_should_be_is_not_asked(
    world: SignOnWorld, provider: OwnProvider, metadata: dict[str, object]
) -> None:
    provider.metadata = metadata
    answer = world.browser.get(f"{world.pages.url}/")
    assert answer.status_code == 503
    assert "sign-in.provider" in answer.text


def test_a_provider_that_is_gone_lets_nobody_in_and_those_who_are_in_stay() -> None:
    site = PagesOfATest(aurora(), "embedded")
    with ExitStack() as stack:
        with own_provider() as provider:
            client = Client(provider.client, provider.secret)
            served = stack.enter_context(pages(site, provider.issuer, client))
            browser, late = Browser(), Browser()
            assert browser.signed_in(served.url).status_code == 200
            back = late.back_from(late.sent_to_provider(f"{served.url}/"), served.url)
        assert browser.get(f"{served.url}/").status_code == 200
        answer = late.get(back)
        assert answer.status_code == 503
        assert "sign-in.provider" in answer.text


@pytest.mark.parametrize("forge", [
    lambda: jwt.encode({"sub": "maria-lopez", "aud": "turnpike-pages", "iat": _NOW,
                        "exp": _NOW + 900}, "x" * 32, algorithm="HS256"),
    lambda: jwt.encode({"sub": "maria-lopez", "aud": "turnpike-pages", "iat": _NOW,
                        "exp": _NOW + 900}, "", algorithm="none"),
    lambda: "maria-lopez",
], ids=["another key", "no signature", "no token"])  # fmt: skip
def test_a_forged_session_is_none(world: SignOnWorld, forge: Callable[[], str]) -> None:
    world.browser.web.cookies.set("turnpike-session", forge())
    assert world.browser.get(f"{world.pages.url}/").status_code == 302


def test_an_identity_token_is_no_session(world: SignOnWorld, provider: OwnProvider) -> None:
    world.browser.web.cookies.set("turnpike-session", honest(provider, provider.claims("x")))
    assert world.browser.get(f"{world.pages.url}/").status_code == 302


def test_a_page_asked_for_by_another_name_is_not_given(world: SignOnWorld) -> None:
    answer = world.browser.web.get(f"{world.pages.url}/", headers={"Host": "evil.example.org"})
    assert answer.status_code == 421


def test_who_signs_out_is_out(world: SignOnWorld) -> None:
    world.browser.signed_in(world.pages.url)
    assert world.browser.web.post(f"{world.pages.url}/sign-out").status_code == 200
    assert world.browser.get(f"{world.pages.url}/").status_code == 302


@pytest.mark.parametrize(("method", "path", "status"), [
    ("POST", "/", 405), ("GET", "/etc/passwd", 404), ("GET", "/models/../access", 404),
    ("GET", "//elsewhere.example.org/", 404),
])  # fmt: skip
def test_anything_but_reading_a_page_is_refused(
    world: SignOnWorld, method: str, path: str, status: int
) -> None:
    answer = world.browser.web.send(
        world.browser.web.build_request(
            method, world.pages.url, extensions={"target": path.encode()}
        )
    )
    assert answer.status_code == status


def test_a_page_loads_nothing_runs_nothing_and_is_kept_nowhere(world: SignOnWorld) -> None:
    told = world.browser.signed_in(world.pages.url).headers
    assert "default-src 'none'" in told["content-security-policy"]
    assert "frame-ancestors 'none'" in told["content-security-policy"]
    assert (told["cache-control"], told["x-content-type-options"]) == ("no-store", "nosniff")
