"""Only a success counts as an answer, and nothing that a server says instead is an exception."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from turnpike.loopback.addresses import answers, other_spelling
from unit.registry.bad_server import Talk, says, server
from unit.registry.bad_server import answers as whole


@pytest.mark.parametrize("status", ["200 OK", "204 No Content"])
def test_a_success_is_an_answer(status: str) -> None:
    with server(whole("", status)) as address:
        assert answers(f"{address}/healthz")


@pytest.mark.parametrize(
    "talk",
    [
        whole("", "401 Unauthorized"),
        whole("", "404 Not Found"),
        whole("", "500 Internal Server Error"),
        says("not HTTP at all\r\n\r\n"),
        says("HTTP/1.1 two hundred\r\n\r\n"),
        says("HTTP/1.1 200 OK\r\n" + "X: y\r\n" * 1_000 + "\r\n"),
        says(""),
    ],
    ids=["401", "404", "500", "no HTTP", "no number", "too many headers", "nothing"],
)
def test_anything_else_is_none(talk: Talk) -> None:
    with server(talk) as address:
        assert not answers(address)


def test_nobody_there_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    assert not answers(f"http://127.0.0.1:{port}")


def test_a_server_without_the_certificate_that_is_trusted_is_none(tmp_path: Path) -> None:
    with server(whole("")) as address:
        assert not answers(address.replace("http:", "https:"))
        assert not answers(address, certificate=tmp_path / "missing.pem")


def test_a_token_is_shown_to_the_server_that_is_asked_and_a_proxy_never(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[bytes] = []

    def hears(client: socket.socket, request: bytes) -> None:
        heard.append(request)
        whole("")(client, request)

    with server(hears) as proxy, server(whole("")) as address:
        monkeypatch.setenv("http_proxy", proxy)
        monkeypatch.setenv("HTTP_PROXY", proxy)
        assert answers(address, token="secret")  # noqa: S106 - the test's own
        assert heard == []
        assert answers(proxy, token="secret")  # noqa: S106 - the test's own
    assert b"Authorization: Bearer secret" in heard[0]


@pytest.mark.parametrize(
    ("url", "other"),
    [
        ("https://127.0.0.1:6443", "https://[::ffff:127.0.0.1]:6443"),
        (
            "https://[::ffff:127.0.0.1]:6443",
            "https://[0000:0000:0000:0000:0000:ffff:7f00:0001]:6443",
        ),
        ("https://[fd00::1]", "https://[fd00:0000:0000:0000:0000:0000:0000:0001]"),
        ("https://[fd00:0000:0000:0000:0000:0000:0000:0001]", "https://[fd00::1]"),
        ("https://api.example.org/k8s/clusters/one", "https://API.EXAMPLE.ORG/k8s/clusters/one"),
        ("https://API.EXAMPLE.ORG:443", "https://api.example.org:443"),
    ],
)
def test_another_spelling_of_an_address_is_another_text(url: str, other: str) -> None:
    assert other_spelling(url) == other != url


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_by_another_spelling_the_same_server_answers(host: str) -> None:
    with server(whole("")) as address:
        assert answers(other_spelling(address.replace("127.0.0.1", host)))
