"""Over TLS the cookies are for this host alone; without sign-in nobody is asked who they are."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

import pytest

from contracts.providers import OwnProvider, own_provider
from turnpike.judge.sight import Sight
from turnpike.pages.door import Door, Request, Response, SignOn
from turnpike.pages.interface import Visitor
from turnpike.signon.login import Logins
from turnpike.signon.provider import Client, Provider
from turnpike.signon.session import Sessions
from turnpike.topology.organisation import Access

HOST = "turnpike.example.org"


class OnePage:
    """A page for whoever has sight of something, and one for nobody."""

    paths = frozenset(("/", "/closed"))

    def visitor(self, account: str) -> Visitor:
        sees = (Access(group="oncology", role="viewer"),) if account == "maria" else ()
        return Visitor(account, Sight(sees))

    def page(self, path: str, visitor: Visitor) -> str | None:
        return f"hello {visitor.person}" if path == "/" else None


@pytest.fixture
def own() -> Iterator[OwnProvider]:
    with own_provider() as found:
        yield found


@pytest.fixture
def sign_on(own: OwnProvider) -> Iterator[SignOn]:
    provider = Provider(own.issuer)
    logins = Logins(provider, Client(own.client), f"https://{HOST}/sign-in/callback", lambda: 0.0)
    yield SignOn(logins, Sessions(), "preferred_username")
    provider.close()


def asked(door: Door, target: str = "/", cookie: str = "", method: str = "GET") -> Response:
    return door.answer(Request(method, target, {"host": HOST, "cookie": cookie}))


def told(response: Response, name: str) -> list[str]:
    return [value for header, value in response.headers if header == name]


def test_over_tls_no_other_host_can_set_the_cookies(sign_on: SignOn) -> None:
    door = Door(OnePage(), frozenset((HOST,)), sign_on, is_secure=True)
    (cookie,) = told(asked(door), "Set-Cookie")
    assert cookie.startswith("__Host-turnpike-login=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


@pytest.mark.parametrize(
    ("account", "path", "status"),
    [
        ("maria", "/", HTTPStatus.OK),
        ("maria", "/closed", HTTPStatus.FORBIDDEN),
        ("nora", "/", HTTPStatus.FORBIDDEN),
    ],
)
def test_a_page_is_for_whoever_may_see_it(
    sign_on: SignOn, account: str, path: str, status: HTTPStatus
) -> None:
    door = Door(OnePage(), frozenset((HOST,)), sign_on, is_secure=True)
    cookie = f"__Host-turnpike-session={sign_on.sessions.cookie_for(account)}"
    assert asked(door, path, cookie).status == status


def test_without_sign_in_there_is_no_way_back_from_a_provider() -> None:
    door = Door(OnePage(), frozenset((HOST,)), None, is_secure=False)
    assert asked(door).body == "hello "
    lost = asked(door, "/sign-in/callback?state=x&code=y")
    assert lost.status == HTTPStatus.NOT_FOUND
    assert "color-scheme:light dark" in lost.body, "white at night"
    assert 'name="viewport"' in lost.body, "tiny on a telephone"


@pytest.mark.parametrize("cookie", ['turnpike-session="', "=;=;", "a=b; \x01=c", ";" * 2000])
def test_a_broken_cookie_is_none(sign_on: SignOn, cookie: str) -> None:
    door = Door(OnePage(), frozenset((HOST,)), sign_on, is_secure=False)
    assert asked(door, "/", cookie).status == HTTPStatus.FOUND


@pytest.mark.parametrize("query", ["", "?state", "?" + "a=b&" * 50, "?state=%00&code=%ff"])
def test_a_strange_answer_of_a_provider_lets_nobody_in(sign_on: SignOn, query: str) -> None:
    door = Door(OnePage(), frozenset((HOST,)), sign_on, is_secure=False)
    response = asked(door, f"/sign-in/callback{query}")
    assert response.status == HTTPStatus.BAD_REQUEST
    assert told(response, "Set-Cookie") == []


@pytest.mark.parametrize("target", ["", "[", "*", "http://[", "/" * 9000, "/%2e%2e/", "//x/"])
def test_a_strange_target_is_no_page(sign_on: SignOn, target: str) -> None:
    door = Door(OnePage(), frozenset((HOST,)), sign_on, is_secure=False)
    assert asked(door, target).status == HTTPStatus.NOT_FOUND


def test_what_a_failure_says_is_escaped(sign_on: SignOn) -> None:
    class Naming(OnePage):
        def visitor(self, account: str) -> Visitor:
            from turnpike.errors import InputError

            raise InputError(f"found {account}", code="sign-in.unknown-account")

    door = Door(Naming(), frozenset((HOST,)), sign_on, is_secure=False)
    cookie = f"turnpike-session={sign_on.sessions.cookie_for('<script>')}"
    response = asked(door, "/", cookie)
    assert response.status == HTTPStatus.FORBIDDEN
    assert "<script>" not in response.body
