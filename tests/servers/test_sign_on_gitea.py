"""People sign in to Turnpike's pages at a real Gitea, by its own pages and by HTTP alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from pydantic import JsonValue

from contracts.browsers import Pages, PagesOfATest, pages
from contracts.sign_on_contract import SignOnContract, SignOnWorld
from servers.gitea_world import organisation_with_gitea, set_up
from servers.provider_gitea import PASSWORD, GiteaBrowser, add_client
from turnpike.documents.reading import read
from turnpike.errors import InputError
from turnpike.forge.web import WebApi
from turnpike.free_ports import free_ports
from turnpike.loopback.gitea import Gitea, add_account, start_gitea, token_of
from turnpike.loopback.processes import Processes
from turnpike.pages.door import CALLBACK
from turnpike.signon.identity_token import Expected, verified
from turnpike.signon.provider import Client, Provider
from turnpike.topology.organisation import ORGANISATION, Organisation


@dataclass
class Host:
    """A Gitea with two people, and the client that our pages are there."""

    gitea: Gitea
    client: Client
    port: int
    api: WebApi

    @property
    def issuer(self) -> str:
        return self.gitea.url


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    folder = tmp_path_factory.mktemp("sign-on")
    with Processes(folder / "logs") as processes:
        gitea = start_gitea(set_up("gitea"), folder / "gitea", processes)
        for name in ("maria-lopez", "mallory"):
            add_account(gitea, name, PASSWORD)
        (port,) = free_ports(1)
        secret = token_of(gitea, gitea.administrator, "all")
        api = WebApi(gitea.url, {"Authorization": f"token {secret}"})
        client = add_client(api, "Turnpike's pages", f"http://127.0.0.1:{port}{CALLBACK}")
        yield Host(gitea, client, port, api)


@pytest.fixture
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    file = organisation_with_gitea(tmp_path_factory.mktemp("aurora") / "organisation.yaml")
    return read(ORGANISATION, file.read_bytes(), str(file))


@pytest.fixture
def served(host: Host, organisation: Organisation) -> Iterator[Pages]:
    site = PagesOfATest(organisation, "gitea")
    with pages(site, host.issuer, host.client, host.port) as found:
        yield found


@pytest.fixture
def world(served: Pages) -> SignOnWorld:
    return SignOnWorld(served, GiteaBrowser())


class TestGitea(SignOnContract):
    """Gitea is a provider as our pages expect one."""


def test_an_account_of_nobody_in_the_organisation_is_refused(served: Pages) -> None:
    answer = GiteaBrowser(account="mallory").signed_in(served.url)
    assert answer.status_code == 403
    assert "sign-in.unknown-account" in answer.text


def test_a_client_without_its_secret_gets_no_token(host: Host, organisation: Organisation) -> None:
    site, thief = PagesOfATest(organisation, "gitea"), Client(host.client.id, "guessed")
    with pages(site, host.issuer, thief, host.port) as served:
        answer = GiteaBrowser().signed_in(served.url)
    assert answer.status_code == 400
    assert "sign-in.code" in answer.text


def test_whom_gitea_bars_is_not_let_in_again(host: Host, served: Pages) -> None:
    add_account(host.gitea, "tom-becker", PASSWORD)
    browser = GiteaBrowser(account="tom-becker")
    assert browser.signed_in(served.url).status_code == 200
    barred: dict[str, JsonValue] = {
        "login_name": "tom-becker", "source_id": 0, "prohibit_login": True,
    }  # fmt: skip
    host.api.send("PATCH", "/api/v1/admin/users/tom-becker", barred)
    browser.web.cookies.delete("turnpike-session")  # as if its quarter of an hour were over
    with pytest.raises(AssertionError):
        browser.signed_in(served.url)


def test_a_real_token_is_of_no_use_to_another_client_issuer_or_login(
    host: Host, served: Pages
) -> None:
    """What Gitea signed for one login of one client is refused for any other."""
    token, nonce = _token(host, served)
    provider = Provider(host.issuer)
    try:
        good = Expected(host.issuer, host.client.id, nonce)
        assert verified(token, good, provider.key)["preferred_username"] == "maria-lopez"
        for bad, code in (
            (Expected(host.issuer, "another-client", nonce), "sign-in.audience"),
            (Expected("https://elsewhere.example.org", host.client.id, nonce), "sign-in.issuer"),
            (Expected(host.issuer, host.client.id, "another nonce"), "sign-in.nonce"),
        ):
            with pytest.raises(InputError) as refused:
                verified(token, bad, provider.key)
            assert refused.value.code == code
    finally:
        provider.close()


def _token(host: Host, served: Pages) -> tuple[str, str]:
    """Take the steps of a login by hand, with a verifier of our own; returns token and nonce."""
    browser, verifier, nonce = GiteaBrowser(), "v" * 43, "a nonce of this test"
    redirect = f"http://127.0.0.1:{host.port}{CALLBACK}"
    query = {
        "response_type": "code", "client_id": host.client.id, "redirect_uri": redirect,
        "scope": "openid profile", "state": "s", "nonce": nonce, "code_challenge": verifier,
        "code_challenge_method": "plain",
    }  # fmt: skip
    address = httpx.URL(f"{host.gitea.url}/login/oauth/authorize", params=query)
    back = browser.back_from(str(address), served.url)
    provider = Provider(host.issuer)
    try:
        code = parse_qs(urlsplit(back).query)["code"][0]
        token = provider.token_for(code, verifier, redirect, host.client)
    finally:
        provider.close()
    assert jwt.get_unverified_header(token)["alg"] == "RS256"
    return token, nonce
