"""Keys are asked for again when one is new, and not as often as a stranger would like."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contracts.providers import Claims, OwnProvider, own_provider
from turnpike.errors import InputError, Unavailable
from turnpike.signon.provider import Client, Provider


@pytest.fixture
def own() -> Iterator[OwnProvider]:
    with own_provider() as found:
        yield found


@pytest.fixture
def provider(own: OwnProvider) -> Iterator[Provider]:
    found = Provider(own.issuer)
    yield found
    found.close()


def test_a_key_is_found_by_its_id_and_an_only_one_without(provider: Provider) -> None:
    assert provider.key("one").key_id == "one"
    assert provider.key(None).key_id == "one"


def test_an_unknown_key_is_refused_without_asking_again_and_again(
    own: OwnProvider, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    published = own.published

    def counted() -> Claims:
        asked.append(1)
        return published()

    monkeypatch.setattr(own, "published", counted)
    for name in ("two", "three", "four"):
        with pytest.raises(InputError) as refusal:
            provider.key(name)
        assert refusal.value.code == "sign-in.key"
    assert len(asked) == 1


@pytest.mark.parametrize("listed", [
    {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256"}, {"use": "enc"}, {"alg": "RS1"}, {"kty": "?"},
])  # fmt: skip
def test_a_key_that_signs_no_identity_is_no_key(
    own: OwnProvider, provider: Provider, monkeypatch: pytest.MonkeyPatch, listed: dict[str, str]
) -> None:
    (real,) = own.published()["keys"]
    monkeypatch.setattr(own, "published", lambda: {"keys": [{**real, **listed}]})
    with pytest.raises(InputError):
        provider.key("one")


def test_a_provider_that_is_not_there_is_told() -> None:
    provider = Provider("http://127.0.0.1:1")
    try:
        with pytest.raises(Unavailable, match="ConnectError"):
            provider.token_for("code", "verifier", "http://127.0.0.1:1/", Client("id"))
    finally:
        provider.close()
