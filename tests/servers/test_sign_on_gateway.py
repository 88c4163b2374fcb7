"""People and programs come to models by the provider, at the gateway as Turnpike renders it.

A real oauth2-proxy before one model, a real Gitea over TLS, and a provider that lies where Gitea
never would.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from contracts.browsers import Browser
from contracts.providers import Claims, OwnProvider, Sign, honest, own_provider
from servers.gateway import (
    CALLBACK,
    CALLERS,
    DOMAIN,
    MODEL,
    SIGN_IN,
    Gateway,
    Given,
    Ingress,
    declared,
    finished,
    ingress,
    model_server,
    start_gateway,
    started,
)
from servers.gitea_world import OWNER, ROOT
from servers.provider_gitea import (
    FOR_US_AND_NOW,
    PASSWORD,
    GiteaBrowser,
    add_client,
    add_group,
    bent,
    forged,
    gitea_over_tls,
    join_group,
    leave_group,
    refreshed,
    signed_like,
    signing_key,
    tokens_for,
    trusting,
)
from turnpike.documents.reading import read
from turnpike.errors import Unavailable
from turnpike.forge.web import WebApi
from turnpike.loopback.addresses import answers
from turnpike.loopback.gitea import Gitea, add_account
from turnpike.loopback.processes import Processes
from turnpike.signon.provider import Client
from turnpike.topology.organisation import ORGANISATION, Access, Organisation

_ORGANISATION = "policies/data/organisation.yaml"
_REDIRECT = "http://127.0.0.1:8000"  # where a person's program listens; nobody does here
_SESSION = "__Secure-turnpike-gateway"
_MEMBER, _OTHER = "maria-lopez", "mallory"


def aurora() -> Organisation:
    return read(ORGANISATION, (ROOT / _ORGANISATION).read_bytes(), _ORGANISATION)


@dataclass
class World:
    """A gateway before a model, with the provider, and people in groups."""

    gitea: Gitea
    api: WebApi
    client: Client
    other: Client
    group: int
    organisation: Organisation
    given: Given
    processes: Processes
    gateway: Gateway
    ingress: Ingress

    def browser(self, account: str = _MEMBER) -> GiteaBrowser:
        return GiteaBrowser(self.gateway.web(), account)

    def token(self, account: str = _MEMBER, client: Client | None = None) -> str:
        """Return the identity token of a program that somebody signed in to."""
        return tokens_for(self.gitea, client or self.client, _REDIRECT, account)["id_token"]

    def another(
        self,
        organisation: Organisation | None = None,
        changes: Mapping[str, str] | None = None,
    ) -> Gateway:
        """Start one more gateway with the same secrets, as a restart would be."""
        name = f"gateway-{len(self.processes.ever)}"
        return start_gateway(
            name, organisation or self.organisation, self.given, self.processes, changes
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("gateway")
    with (
        ingress() as behind,
        Processes(folder / "logs") as processes,
        gitea_over_tls(folder, processes) as (gitea, api, tls),
    ):
        client = add_client(api, "the gateway of dev", CALLBACK, _REDIRECT)
        other = add_client(api, "another program", _REDIRECT)
        api.send("POST", "/api/v1/orgs", {"username": OWNER, "visibility": "public"})
        for account in (_MEMBER, _OTHER):
            add_account(gitea, account, PASSWORD)
        group = add_group(api, OWNER, CALLERS, _MEMBER)
        add_group(api, OWNER, f"{CALLERS}-of-last-year", _OTHER)
        organisation = declared(aurora(), gitea.url, client.id, behind.url, f"{OWNER}:")
        given = Given(folder, client, tls, environ=trusting(tls))
        gateway = start_gateway("gateway", organisation, given, processes)
        yield World(
            gitea, api, client, other, group, organisation, given, processes, gateway, behind
        )
    assert not [pid for pid in processes.ever if Path(f"/proc/{pid}").exists()]


def shown(browser: Browser) -> int:
    """Return with which status a person's browser is shown the model."""
    return browser.get(MODEL).status_code


@pytest.mark.parametrize(("account", "status"), [(_MEMBER, 200), (_OTHER, 403)])
def test_a_program_calls_models_by_a_token_of_somebody_who_may(
    world: World, account: str, status: int
) -> None:
    token, before = world.token(account), len(world.ingress.seen)
    assert world.gateway.ask(token) == status
    assert world.gateway.ask(token, "POST", f"{MODEL}/infer") == status
    assert len(world.ingress.seen) - before == (2 if status == 200 else 0)


def test_a_real_model_server_answers_who_may_and_nobody_else(world: World) -> None:
    url = model_server(world.given.folder / "mlserver", world.processes)
    issuer, client = world.gitea.url, world.client.id
    gateway = world.another(declared(aurora(), issuer, client, url, f"{OWNER}:"))
    asked = {"name": "x", "shape": [2], "datatype": "INT32", "data": [3, 4]}
    with gateway.web() as web:
        answers_to = {
            account: web.post(
                f"{MODEL}/infer", json={"inputs": [asked]},
                headers={"Authorization": f"Bearer {world.token(account)}"},
            )
            for account in (_MEMBER, _OTHER)
        }  # fmt: skip
        unknown = web.post(f"{MODEL}/infer", json={"inputs": [asked]})
    (told,) = answers_to[_MEMBER].json()["outputs"]
    assert told["data"] == [6, 8]
    assert (answers_to[_OTHER].status_code, unknown.status_code) == (403, 401)


def test_a_person_signs_in_and_comes_back_to_the_model(world: World) -> None:
    browser = world.browser()
    assert shown(browser) == 401
    answer = finished(browser)
    assert (answer.status_code, answer.headers["Location"]) == (302, MODEL)
    assert shown(browser) == 200


def test_who_is_in_no_group_that_calls_is_given_no_session(world: World) -> None:
    browser = world.browser(_OTHER)
    assert finished(browser).status_code == 403
    assert _SESSION not in browser.web.cookies
    assert shown(browser) == 401


def test_a_model_is_not_told_what_let_somebody_in(world: World) -> None:
    browser = world.browser()
    finished(browser)
    before = len(world.ingress.seen)
    assert (shown(browser), world.gateway.ask(world.token())) == (200, 200)
    for headers in world.ingress.seen[before:]:
        assert headers["host"] == f"triage.{DOMAIN}"
        assert {"authorization", "cookie"}.isdisjoint(headers)
        assert _MEMBER not in str(headers)


@pytest.mark.parametrize(
    ("method", "place", "headers"),
    [
        ("GET", MODEL, {}),
        ("POST", f"{MODEL}/infer", {}),
        ("OPTIONS", MODEL, {"Origin": "https://elsewhere.example.org"}),
        ("GET", MODEL, {"X-Forwarded-For": "127.0.0.1", "X-Real-Ip": "127.0.0.1"}),
        ("GET", MODEL, {"X-Forwarded-Uri": "/healthz", "X-Original-Url": "/healthz"}),
        ("GET", MODEL, {"X-Forwarded-User": _MEMBER, "X-Forwarded-Groups": f"{OWNER}:{CALLERS}"}),
        ("GET", MODEL, {"Cookie": f"{_SESSION}=e30|9999999999|AAAA"}),
        ("GET", f"{MODEL}?allowed_groups={OWNER}:{_OTHER}", {}),
        ("GET", f"https://triage.{DOMAIN}/healthz/../v2/models/triage", {}),
        ("GET", f"https://triage.{DOMAIN}/oauth2/..%2fv2/models/triage", {}),
        ("GET", f"https://triage.{DOMAIN}//v2/models/triage", {}),
    ],
)
def test_nobody_comes_to_a_model_unknown(
    world: World, method: str, place: str, headers: dict[str, str]
) -> None:
    before = len(world.ingress.seen)
    assert world.gateway.ask(method=method, place=place, **headers) in {301, 401, 404}
    assert len(world.ingress.seen) == before


@pytest.mark.parametrize("said", ["Basic bWFyaWE6bG9wZXo=", "Bearer x", "Bearer", "Negotiate x"])
def test_what_is_no_token_lets_nobody_in(world: World, said: str) -> None:
    before = len(world.ingress.seen)
    assert world.gateway.ask(Authorization=said) == 401
    assert len(world.ingress.seen) == before


def test_the_flow_is_a_code_with_pkce_state_and_nonce(world: World) -> None:
    first, second = (parse_qs(urlsplit(started(world.browser())).query) for _ in range(2))
    assert (first["response_type"], first["code_challenge_method"]) == (["code"], ["S256"])
    assert first["redirect_uri"] == [CALLBACK]
    for secret in ("state", "nonce", "code_challenge"):
        assert first[secret] != second[secret]


def test_another_browser_cannot_finish_a_login(world: World) -> None:
    browser, other = world.browser(), world.browser()
    back = browser.back_from(started(browser), SIGN_IN)
    assert other.get(back).status_code == 403
    assert shown(other) == 401


def test_an_answer_of_the_provider_is_good_for_one_login(world: World) -> None:
    browser = world.browser()
    back = browser.back_from(started(browser), SIGN_IN)
    assert browser.get(back).status_code == 302
    browser.web.cookies.delete(_SESSION)
    assert browser.get(back).status_code == 403
    assert shown(browser) == 401


@pytest.mark.parametrize(
    "elsewhere",
    ["https://elsewhere.example.org", f"https://{DOMAIN}.example.org", "//elsewhere.example.org"],
)
def test_a_login_ends_at_no_strangers_page(world: World, elsewhere: str) -> None:
    assert finished(world.browser(), elsewhere).headers["Location"] == "/"


def test_the_cookie_is_short_lived_for_tls_alone_and_no_scripts(world: World) -> None:
    cookies = finished(world.browser()).headers.get_list("set-cookie")
    (session,) = [one for one in cookies if one.startswith(f"{_SESSION}=")]
    said = {part.casefold() for part in session.split("; ")}
    assert {"httponly", "secure", "samesite=lax", "max-age=900", f"domain={DOMAIN}"} <= said


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        *FOR_US_AND_NOW,
        ({"iss": None}, 401),
        ({"groups": None}, 403),
        ({"groups": []}, 403),
        ({"groups": [CALLERS, f"{OWNER}:", OWNER]}, 403),
    ],
)
def test_what_the_providers_own_key_signs_counts_only_as_it_must_be(
    world: World, changes: dict[str, Any], status: int
) -> None:
    token = world.token()
    claims = bent(token, int(time.time()), **changes)
    assert world.gateway.ask(signed_like(token, claims, signing_key(world.gitea))) == status


def test_no_other_key_signs_and_none_is_no_signature(world: World) -> None:
    token, stranger = world.token(_OTHER), generate_private_key(65537, 2048)
    more = {"groups": [f"{OWNER}:{CALLERS}"]}
    found = forged(token, stranger, signing_key(world.gitea), more)
    asked = {what: world.gateway.ask(one) for what, one in found.items()}
    assert asked == dict.fromkeys(found, 401)
    assert world.gateway.ask(world.token()) == 200


def test_a_login_at_another_program_or_its_other_tokens_are_of_no_use(world: World) -> None:
    here = tokens_for(world.gitea, world.client, _REDIRECT, _MEMBER)
    assert world.gateway.ask(here["id_token"]) == 200
    elsewhere = world.token(client=world.other)
    for token in (elsewhere, here["access_token"], here["refresh_token"]):
        assert world.gateway.ask(token) == 401


def test_who_leaves_the_group_has_lost_it_with_the_next_token_or_session(world: World) -> None:
    tokens, browser = tokens_for(world.gitea, world.client, _REDIRECT, _MEMBER), world.browser()
    finished(browser)
    leave_group(world.api, world.group, _MEMBER)
    try:
        assert world.gateway.ask(refreshed(world.gitea, world.client, tokens)["id_token"]) == 403
        assert world.gateway.ask(world.token()) == 403
        assert finished(world.browser()).status_code == 403
        # What was so when a token was signed holds until it ends; a session a quarter of an hour.
        assert (world.gateway.ask(tokens["id_token"]), shown(browser)) == (200, 200)
    finally:
        join_group(world.api, world.group, _MEMBER)


def test_a_session_ends_at_the_gateway_whatever_its_cookie_says(world: World) -> None:
    """As a quarter of an hour would, were it three seconds."""
    short = world.another(changes={'cookie_expire = "15m"': 'cookie_expire = "3s"'})
    browser = GiteaBrowser(short.web())
    finished(browser)
    kept = browser.web.cookies[_SESSION]
    assert short.ask(Cookie=f"{_SESSION}={kept}") == 200
    time.sleep(3.5)
    assert short.ask(Cookie=f"{_SESSION}={kept}") == 401


@pytest.mark.parametrize(
    "access",
    [
        (),
        (Access(group=CALLERS, role="viewer"),),
        (Access(group=CALLERS, role="caller", environments=("production",)),),
        (Access(group="another-group", role="caller"),),
    ],
)
def test_whom_git_no_longer_lets_call_is_out_once_it_is_applied(
    world: World, access: tuple[Access, ...]
) -> None:
    token, browser = world.token(), world.browser()
    finished(browser)
    cookie = f"{_SESSION}={browser.web.cookies[_SESSION]}"
    assert (world.gateway.ask(token), world.gateway.ask(Cookie=cookie)) == (200, 200)
    before = len(world.ingress.seen)
    after = world.another(world.organisation.model_copy(update={"access": access}))
    assert (after.ask(token), after.ask(Cookie=cookie)) == (403, 403)
    assert len(world.ingress.seen) == before


def test_without_the_provider_nobody_new_comes_in(world: World) -> None:
    token, browser, late = world.token(), world.browser(), world.browser()
    finished(browser)
    back = late.back_from(started(late), SIGN_IN)
    with world.processes.without("gitea"):
        # Whom it has named is known until their token or session ends; nobody else ever is.
        assert (world.gateway.ask(token), shown(browser)) == (200, 200)
        assert late.get(back).status_code >= 500
        assert shown(late) == 401
        stranger = generate_private_key(65537, 2048)
        unknown = signed_like(token, bent(token, int(time.time())), stranger)
        assert world.gateway.ask(unknown) == 401
        with pytest.raises(Unavailable, match="ended with exit code"):
            world.another()
    well, trusted = f"{world.gitea.url}/api/healthz", world.given.tls.certificate
    world.processes.wait_until("gitea", lambda: answers(well, certificate=trusted))
    assert finished(world.browser()).status_code == 302


def saying(**lies: Any) -> Sign:
    """Return what signs claims with lies among them; None takes one out, numbers are from now."""

    def sign(provider: OwnProvider, claims: Claims) -> str:
        now = int(time.time())
        times = {name: now + value for name, value in lies.items() if isinstance(value, int)}
        said = {**claims, "groups": [CALLERS], **lies, **times}
        return honest(provider, {name: value for name, value in said.items() if value is not None})

    return sign


def with_another_key(provider: OwnProvider, claims: Claims) -> str:
    told = saying()(provider, claims)
    return signed_like(told, {**claims, "groups": [CALLERS]}, generate_private_key(65537, 2048))


def no_token(_provider: OwnProvider, _claims: Claims) -> str:
    return "no token"


_LIES: dict[str, Sign] = {
    "audience": saying(aud="another-program"),
    "no audience": saying(aud=None),
    "issuer": saying(iss="https://elsewhere.example.org"),
    "nonce": saying(nonce="of another login"),
    "no nonce": saying(nonce=None),
    "expired": saying(iat=-7200, exp=-3600),
    "without expiry": saying(exp=None),
    "not yet": saying(nbf=7200),
    "no groups": saying(groups=None),
    "another group": saying(groups=[f"{CALLERS}-of-last-year"]),
    "no account": saying(preferred_username=None),
    "another key": with_another_key,
    "no token": no_token,
}


@pytest.fixture(scope="module")
def lying(world: World) -> Iterator[tuple[OwnProvider, Gateway]]:
    """A gateway whose provider says what it is told to say."""
    with own_provider() as provider:
        client = Client(provider.client, provider.secret)
        organisation = declared(aurora(), provider.issuer, client.id, world.ingress.url)
        given = Given(world.given.folder, client, world.given.tls)
        yield provider, start_gateway("lied-to", organisation, given, world.processes)


def test_an_honest_provider_of_these_tests_lets_in_as_gitea_does(
    lying: tuple[OwnProvider, Gateway],
) -> None:
    provider, gateway = lying
    provider.sign = saying()
    browser = Browser(gateway.web())
    assert finished(browser).headers["Location"] == MODEL
    assert shown(browser) == 200


@pytest.mark.parametrize("lie", _LIES)
def test_a_lie_lets_nobody_in(lying: tuple[OwnProvider, Gateway], world: World, lie: str) -> None:
    provider, gateway = lying
    provider.sign = _LIES[lie]
    browser, before = Browser(gateway.web()), len(world.ingress.seen)
    assert finished(browser).status_code in {403, 500}
    assert _SESSION not in browser.web.cookies
    assert shown(browser) == 401
    assert len(world.ingress.seen) == before
