"""A login in progress is forgotten in time, and strangers who begin without end fill nothing."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from contracts.providers import OwnProvider, own_provider
from turnpike.errors import InputError
from turnpike.signon.login import SECONDS, Begun, Logins
from turnpike.signon.provider import Client, Provider


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def own() -> Iterator[OwnProvider]:
    with own_provider() as found:
        yield found


@pytest.fixture
def logins(own: OwnProvider, clock: Clock) -> Iterator[Logins]:
    provider = Provider(own.issuer)
    yield Logins(provider, Client(own.client, own.secret), "http://127.0.0.1:1/back", clock)
    provider.close()


def answered(own: OwnProvider, begun: Begun) -> dict[str, str]:
    """Return what the provider sends back for a login."""
    asked = {name: value[0] for name, value in parse_qs(urlsplit(begun.address).query).items()}
    back = urlsplit(own.authorized(asked)).query
    return {name: value[0] for name, value in parse_qs(back).items()}


def test_a_login_in_time_is_finished(own: OwnProvider, logins: Logins, clock: Clock) -> None:
    begun = logins.begin("/models")
    clock.now = SECONDS
    identity = logins.finish(answered(own, begun), begun.binding)
    assert (identity.claims["preferred_username"], identity.page) == ("maria-lopez", "/models")


def test_a_login_that_took_too_long_is_not(own: OwnProvider, logins: Logins, clock: Clock) -> None:
    begun = logins.begin("/")
    clock.now = SECONDS + 1
    with pytest.raises(InputError) as refusal:
        logins.finish(answered(own, begun), begun.binding)
    assert refusal.value.code == "sign-in.state"


def test_the_oldest_give_way_to_the_newest(own: OwnProvider, logins: Logins) -> None:
    first = logins.begin("/")
    for _ in range(999):
        logins.begin("/")
    last = logins.begin("/")
    with pytest.raises(InputError) as refusal:
        logins.finish(answered(own, first), first.binding)
    assert refusal.value.code == "sign-in.state"
    assert logins.finish(answered(own, last), last.binding).page == "/"


def test_what_is_secret_is_not_shown() -> None:
    shown = repr((Begun("https://sso.example.org", "the binding"), Client("id", "the secret")))
    assert "the binding" not in shown
    assert "the secret" not in shown
