"""A host's answer is what was asked for, whole and from itself; anything else is no answer."""

from __future__ import annotations

import json
import socket
import traceback

import pytest
from pydantic import JsonValue, TypeAdapter

from turnpike.errors import CannotDecide, InputError, Unavailable
from turnpike.forge.answers import NotThere
from turnpike.forge.web import Seen, Token, WebApi, parsed
from unit.registry.bad_server import Talk, answers, echoes, server


def api(address: str, **headers: str) -> WebApi:
    return WebApi(address, headers, wait_seconds=0.01)


class Pages:
    """Gives these pages one after the other, and the last one for ever."""

    def __init__(self, *pages: object) -> None:
        self.pages = list(pages)

    def __call__(self, client: socket.socket, request: bytes) -> None:
        page = self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]
        answers(json.dumps(page))(client, request)


@pytest.mark.parametrize(
    "talk",
    [
        answers("<html>Sign in</html>", kind="text/html"),
        answers('{"a": '),
        answers("[" * 100_000),
        answers("oops", "500 Internal Server Error"),
        answers("busy", "503 Service Unavailable"),
        answers('{"a": 1}', "302 Found"),
        answers("slow down", "429 Too Many Requests"),
    ],
    ids=["a page", "cut off", "too deep", "broken", "busy", "elsewhere", "limited"],
)
def test_less_or_other_than_an_answer_is_none(talk: Talk) -> None:
    with server(talk) as address, pytest.raises(Unavailable):
        api(address).get("/api")


@pytest.mark.parametrize("status", ["404 Not Found", "303 See Other"])
def test_what_the_host_does_not_show_is_not_there(status: str) -> None:
    with server(answers("{}", status)) as address, pytest.raises(NotThere):
        api(address).get("/api")


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "422 Unprocessable"])
def test_a_refusal_is_no_outage_and_shows_no_token(status: str) -> None:
    token = Token("known-to-the-host-alone")
    with server(answers('{"message": "no"}', status)) as address:
        asked = api(address, Authorization=f"token {token.secret}")
        with pytest.raises(CannotDecide, match=status[:3]) as refused:
            asked.send("POST", "/api", {"a": 1})
    assert not isinstance(refused.value, Unavailable)
    for text in (str(refused.value), repr(asked), repr(token)):
        assert "known-to" not in text


@pytest.mark.parametrize("secret", ["known\nto", "known to", "kn\u00f6wn-to", "known\x00to"])
def test_a_token_that_no_header_carries_is_refused_unquoted(secret: str) -> None:
    with pytest.raises(InputError) as refused:
        Token(secret)
    assert refused.value.code == "forge.token"
    assert secret not in "".join(traceback.format_exception(refused.value))


def test_what_the_client_says_of_a_header_is_in_no_picture_of_a_failure() -> None:
    word = "token".upper()
    with pytest.raises(Unavailable) as refused:
        api("http://127.0.0.1:9", Authorization=f"{word}\n{word}").get("/api")
    assert word not in "".join(traceback.format_exception(refused.value))


def test_a_host_that_redirects_gets_no_token_carried_elsewhere() -> None:
    seen: list[bytes] = []

    def elsewhere(client: socket.socket, request: bytes) -> None:
        seen.append(request)
        echoes(client, request)

    with server(elsewhere) as other:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {other}/\r\nContent-Length: 0\r\n\r\n"

        def redirects(client: socket.socket, _: bytes) -> None:
            client.sendall(moved.encode())

        with server(redirects) as address, pytest.raises(Unavailable):
            api(address, Authorization="secret").get("/api")
    assert seen == []


def test_nobody_listening_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    with pytest.raises(Unavailable):
        api(f"http://127.0.0.1:{port}").get("/api")


def test_pages_are_read_until_one_is_empty_however_short_they_are() -> None:
    with server(Pages([1, 2], [3], [4, 5], [])) as address:
        assert list(api(address).pages("/api", 50)) == [1, 2, 3, 4, 5]


def test_null_is_an_end_only_where_the_host_is_known_to_say_so() -> None:
    with server(Pages([1], None)) as address:
        assert list(api(address).pages("/api", null_ends=True)) == [1]
    with server(Pages([1], None)) as address, pytest.raises(Unavailable, match="no list"):
        list(api(address).pages("/api"))


def test_pages_without_an_end_are_given_up() -> None:
    with server(Pages([1])) as address, pytest.raises(Unavailable, match="pages"):
        list(api(address).pages("/api"))


def test_an_empty_answer_is_nothing_and_no_failure() -> None:
    with server(answers("", "204 No Content")) as address:
        assert api(address).send("DELETE", "/api", {}) is None


@pytest.mark.parametrize(
    "address",
    [
        "", "host", "ftp://host", "file:///etc/passwd", "https://", "https://maria:secret@host",
        "http://host/a?token=secret", "https://host#x", "https://ho st",
    ],
)  # fmt: skip
def test_an_address_that_is_no_servers_is_refused_without_its_password(address: str) -> None:
    with pytest.raises(InputError) as refused:
        WebApi(address, {})
    assert refused.value.code == "forge.address"
    assert "maria:secret" not in str(refused.value)


class _Named(Seen):
    name: str


def test_fields_that_a_host_adds_are_left_aside_and_one_of_another_kind_is_unreadable() -> None:
    kind = TypeAdapter(_Named)
    assert parsed(kind, {"name": "a", "more": [1]}, "thing").name == "a"
    others: tuple[JsonValue, ...] = ({"name": 1}, {}, [], None, "name")
    for value in others:
        with pytest.raises(Unavailable, match="thing"):
            parsed(kind, value, "thing")
