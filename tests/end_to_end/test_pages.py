"""The pages of a real instance: who sees what follows from main, and from main at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from contracts.browsers import Browser
from contracts.providers import OwnProvider, own_provider
from end_to_end.changes import LOCAL, Bench
from end_to_end.daemons import Daemon, running
from end_to_end.releases import released
from end_to_end.test_who_decides import AUTHOR, ORGANISATION, OWNER, edited
from end_to_end.world import World

_ACCESS = "access:\n"
_ON_CALL = "      - maria-lopez\n      - jonas-weber\n      - aisha-khan\n"
PATIENCE = 120.0
_ALL = ("/", "/models", "/calendar", "/cost", "/access")


@pytest.fixture(scope="module")
def bench(merged: Bench) -> Bench:
    """An instance with a model in dev."""
    copy = merged.copied()
    released(copy.world, copy.draft("diabetes"), "dev", *LOCAL)
    return copy


@contextmanager
def served(world: World, *words: str) -> Iterator[tuple[Daemon, str]]:
    with running(world.monorepo, "pages", "serve", "--port", "0", "--json", *words) as daemon:
        yield daemon, daemon.document()["serving"]


def declared(world: World, provider: OwnProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Merge the declaration of a provider, whose accounts are those of the embedded host."""
    monkeypatch.setenv("TURNPIKE_PAGES_CLIENT_SECRET", provider.secret)
    told = (
        f"signOn:\n  issuer: {provider.issuer}\n  host: embedded\n"
        f"  clients:\n    pages:\n      id: {provider.client}\n\n{_ACCESS}"
    )
    world.merged(world.propose(edited(world, ORGANISATION, _ACCESS, told), AUTHOR, (OWNER,)))


def page(browser: Browser, url: str, path: str = "/") -> httpx.Response:
    """Ask for a page, by way of the provider where it must be."""
    answer = browser.get(f"{url}{path}")
    return browser.signed_in(url, path) if answer.is_redirect else answer


def test_without_sign_in_all_of_it_is_served_on_loopback_alone(bench: Bench) -> None:
    refused = bench.world.call("pages", "serve", "--listen", "0.0.0.0", "--json")  # noqa: S104
    assert (refused.code, refused.json()["error"]) == (2, "input.usage")
    artifact = bench.draft("diabetes").model.artifact
    assert artifact
    with served(bench.world) as (daemon, url):
        found = {path: httpx.get(f"{url}{path}", timeout=PATIENCE) for path in _ALL}
        assert {path: one.status_code for path, one in found.items()} == dict.fromkeys(_ALL, 200)
        assert artifact.digest in found["/models"].text
        assert "endocrinology: " in found["/models"].text
        assert bench.world.main in found["/"].text
        assert "Access review of Aurora Health" in found["/access"].text
        assert (
            httpx.get(url, timeout=PATIENCE, headers={"Host": "evil.example.org"}).status_code
            == 421
        )
        assert daemon.stop() == 0


def test_who_signs_in_sees_what_main_grants_at_that_moment(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = bench.world.copied(tmp_path / "instance")
    with own_provider() as provider:
        declared(world, provider, monkeypatch)
        with served(world) as (_, url):
            jonas, maria, tom, bot = Browser(), Browser(), Browser(), Browser()
            provider.account = "jonas-weber"
            assert {page(jonas, url, path).status_code for path in _ALL} == {200}
            provider.account = "tom-becker"  # of oncology alone
            assert page(tom, url, "/access").status_code == 403
            assert "diabetes" not in page(tom, url, "/models").text
            provider.account = "maria-lopez"  # on call as well, so that everything is in sight
            assert "diabetes" in page(maria, url, "/models").text
            provider.account = "turnpike-bot"
            assert "sign-in.unknown-account" in page(bot, url).text
            without = _ON_CALL.replace("      - jonas-weber\n", "")
            files = edited(world, ORGANISATION, _ON_CALL, without)
            world.merged(world.propose(files, AUTHOR, (OWNER,)))
            assert page(jonas, url, "/access").status_code == 403
            assert "diabetes" in page(jonas, url, "/models").text  # of endocrinology still


def test_another_sign_in_on_main_closes_the_pages_until_they_are_served_anew(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = bench.world.copied(tmp_path / "instance")
    with served(world) as (_, url), own_provider() as provider:
        opened = httpx.get(f"{url}/access", timeout=PATIENCE)
        assert opened.status_code == 200, opened.text
        declared(world, provider, monkeypatch)
        closed = httpx.get(f"{url}/access", timeout=PATIENCE)
        assert closed.status_code == 503
        assert "pages.sign-on-changed" in closed.text
