"""A server that is down, slow, endless, cut off or somebody else's never passes for an answer."""

from __future__ import annotations

import pytest

from turnpike.bounded_http import Bound
from turnpike.errors import InputError, Unavailable
from turnpike.registry.rest import Missing, RestServer
from unit.registry.bad_server import Talk, answers, drips, echoes, says, server, stays_silent

_BOUND = Bound(seconds=300.0, size=1000, silence=300.0)
_SOON = Bound(seconds=1.0, size=1000)


def _get(talk: Talk, bound: Bound = _BOUND) -> bytes:
    with server(talk) as address:
        return RestServer(address).get("/x", bound)


def test_a_whole_answer_is_returned() -> None:
    assert _get(answers('{"a": 1}')) == b'{"a": 1}'


def test_what_is_sent_says_what_it_is_and_by_whom() -> None:
    with server(echoes) as address:
        said = RestServer(address, "secret").send("POST", "/x", {"a": 1}, _BOUND).decode()
        nothing = RestServer(address).send("DELETE", "/x/7", None, _BOUND).decode()
    assert said.startswith("POST /x HTTP/1.1\r\n")
    assert {"Content-Type: application/json", "Authorization: Bearer secret"} < set(
        said.splitlines()
    )
    assert nothing.startswith("DELETE /x/7 HTTP/1.1\r\n")
    assert "Authorization" not in nothing


def test_a_server_that_is_down_is_unavailable_and_named() -> None:
    with server(stays_silent) as address:
        pass
    with pytest.raises(Unavailable, match=address) as failure:
        RestServer(address).get("/x", _BOUND)
    assert failure.value.code == "registry.unavailable"
    assert failure.value.solution


@pytest.mark.parametrize("talk", [stays_silent, drips])
def test_a_server_that_never_ends_is_unavailable(talk: Talk) -> None:
    with pytest.raises(Unavailable, match="registry"):
        _get(talk, _SOON)


def test_a_redirect_is_not_followed() -> None:
    with server(answers("{}")) as elsewhere:
        line = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere}/login\r\nContent-Length: 0\r\n\r\n"
        with pytest.raises(Unavailable, match="HTTP status 302"):
            _get(says(line))


def test_only_the_registrys_own_word_makes_a_404_mean_that_there_is_none() -> None:
    with pytest.raises(Missing):
        _get(answers('{"error_code": "RESOURCE_DOES_NOT_EXIST"}', "404 Not Found"))
    with pytest.raises(Unavailable):
        _get(answers("<html>no such page</html>", "404 Not Found", "text/html"))
    with pytest.raises(Unavailable):
        _get(answers('{"error_code": "RESOURCE_DOES_NOT_EXIST"}', "500 Internal Server Error"))


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "ftp://host", "host:5000", "https://", "http://me:pw@host"]
)
def test_an_address_that_is_none_of_a_server_is_refused(address: str) -> None:
    with pytest.raises(InputError) as refusal:
        RestServer(address)
    assert "pw" not in refusal.value.message


def test_a_token_is_sent_as_a_bearer_token_and_only_where_there_is_one() -> None:
    with server(echoes) as address:
        assert b"Authorization: Bearer t0p" in RestServer(address, "t0p").get("/x", _BOUND)
        assert b"Authorization" not in RestServer(address).get("/x", _BOUND)
