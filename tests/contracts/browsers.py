"""Turnpike's door with pages of a test, and a browser that walks through a login by HTTP alone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

import httpx

from turnpike.errors import InputError
from turnpike.judge.sight import sight_of
from turnpike.pages.door import CALLBACK, Door, SignOn
from turnpike.pages.interface import Visitor
from turnpike.pages.reception import bound, serving
from turnpike.signon.login import Logins
from turnpike.signon.provider import Client, Provider
from turnpike.signon.session import Sessions
from turnpike.topology.organisation import Group, Organisation


@dataclass
class PagesOfATest:
    """Pages that say who looks; ``organisation`` is what main says now, and may be changed."""

    organisation: Organisation
    host: str
    paths: frozenset[str] = frozenset(("/", "/models"))

    def visitor(self, account: str) -> Visitor:
        person = self.organisation.person_of_account(self.host, account)
        if person is None:
            raise InputError("nobody has that account", code="sign-in.unknown-account")
        return Visitor(person, sight_of(self.organisation, person))

    def page(self, path: str, visitor: Visitor) -> str | None:
        return f"{path} for {visitor.person}"

    def leave(self, group: str, person: str) -> None:
        """Merge what takes a person out of a group."""
        groups = tuple(
            Group(name=g.name, members=tuple(m for m in g.members if m != person))
            if g.name == group else g
            for g in self.organisation.groups
        )  # fmt: skip
        self.organisation = self.organisation.model_copy(update={"groups": groups})


@dataclass(frozen=True)
class Pages:
    """A served door: its address, its pages, and the parts that a test looks at."""

    url: str
    site: PagesOfATest
    door: Door
    logins: Logins


@contextmanager
def pages(site: PagesOfATest, issuer: str, client: Client, port: int = 0) -> Iterator[Pages]:
    """Serve pages that take people in by a provider."""
    provider = Provider(issuer)
    try:
        with bound("127.0.0.1", port) as server:
            here = f"127.0.0.1:{server.server_port}"
            logins = Logins(provider, client, f"http://{here}{CALLBACK}", time.monotonic)
            sign_on = SignOn(logins, Sessions(), "preferred_username")
            door = Door(site, frozenset((here,)), sign_on, is_secure=False)
            with serving(server, door):
                yield Pages(f"http://{here}", site, door, logins)
    finally:
        provider.close()


def _web() -> httpx.Client:
    """Return a client that keeps no connection open, so that no test need close it."""
    return httpx.Client(timeout=120, limits=httpx.Limits(max_keepalive_connections=0))


@dataclass
class Browser:
    """One person's browser; at a real provider a subclass fills in the forms."""

    web: httpx.Client = field(default_factory=_web)

    def get(self, address: str) -> httpx.Response:
        return self.web.get(address)

    def sent_to_provider(self, address: str) -> str:
        """Ask for a page of ours, and return where the browser is sent to sign in."""
        answer = self.get(address)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def back_from(self, address: str, pages_url: str) -> str:
        """Follow the provider's redirects, and return the address at ours that they lead to."""
        for _ in range(10):
            answer = self.get(address)
            assert answer.status_code in {302, 303}, f"{answer.status_code} {answer.text[:500]}"
            address = urljoin(address, answer.headers["Location"])
            if address.startswith(pages_url):
                return address
        raise AssertionError(f"expected to come back to {pages_url}, found {address}")

    def signed_in(self, url: str, path: str = "/") -> httpx.Response:
        """Walk the whole login at our address, and return the page that it was for."""
        back = self.back_from(self.sent_to_provider(f"{url}{path}"), url)
        answer = self.get(back)
        if answer.status_code != 302:
            return answer
        return self.get(urljoin(back, answer.headers["Location"]))

    def fresh(self) -> Browser:
        """Return another browser, which knows nothing."""
        return replace(self, web=_web())
