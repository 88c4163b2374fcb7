"""An answer that is late, endless, cut off or too large is none, and nobody is followed elsewhere.

A test of what never ends ends because the deadline does: without it the test would hang.
"""

from __future__ import annotations

from urllib.request import Request

import pytest

from turnpike.bounded_http import Bound, NoAnswer, Refused, blocks, body_of
from unit.registry.bad_server import (
    Talk,
    answers,
    drips,
    drips_its_head,
    echoes,
    says,
    server,
    stays_silent,
)

BOUND = Bound(seconds=300.0, size=1000, silence=300.0)
SOON = Bound(seconds=1.0, size=1000)


def to(address: str, data: bytes | None = None) -> Request:
    return Request(address, data=data, headers={"Accept": "x/y"})  # noqa: S310 - a test's server


def asked(talk: Talk, bound: Bound = BOUND) -> bytes:
    with server(talk) as address:
        return body_of(to(address), bound, directly=True)


def test_a_whole_answer_is_returned() -> None:
    assert asked(answers("whole")) == b"whole"
    assert asked(says("HTTP/1.1 200 OK\r\n\r\nup to the end of the line")) == (
        b"up to the end of the line"
    )
    chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    assert asked(says(chunks)) == b"abc"


def test_what_is_posted_arrives() -> None:
    with server(echoes) as address:
        assert b"Accept: x/y" in body_of(to(address, b"said"), BOUND, directly=True)


@pytest.mark.parametrize("talk", [drips, drips_its_head])
def test_what_never_ends_is_given_up_at_its_end(talk: Talk) -> None:
    with pytest.raises(NoAnswer, match=r"does not end|timed out"):
        asked(talk, SOON)


def test_silence_is_given_up_long_before_the_end() -> None:
    with pytest.raises(NoAnswer, match="timed out"):
        asked(stays_silent, Bound(seconds=1e6, size=10, silence=0.2))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", "3 of 100 bytes"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc", "IncompleteRead"),
        ("HTTP/1.1 200 OK\r\n\r\n" + "x" * 1001, "more than 1000 bytes"),
        ("220 smtp.example.com ready\r\n\r\n", "220 smtp"),
        ("", "closed connection"),
    ],
)
def test_less_more_or_other_than_an_answer_is_none(text: str, why: str) -> None:
    with pytest.raises(NoAnswer, match=why):
        asked(says(text))


def test_nobody_there_is_no_answer() -> None:
    with server(stays_silent) as address:
        pass
    with pytest.raises(NoAnswer, match="refused"):
        body_of(to(address), BOUND, directly=True)


def test_a_redirect_is_refused_and_not_followed() -> None:
    with server(answers("elsewhere")) as elsewhere:
        line = f"HTTP/1.1 302 Found\r\nLocation: {elsewhere}/\r\nContent-Length: 0\r\n\r\n"
        with pytest.raises(Refused) as refusal:
            asked(says(line))
    assert refusal.value.status == 302


def test_a_refusal_brings_what_was_said() -> None:
    with pytest.raises(Refused) as refusal:
        asked(answers("no such page", "404 Not Found"))
    assert (refusal.value.status, refusal.value.body) == (404, b"no such page")


def test_a_refusal_whose_text_never_comes_is_still_one() -> None:
    with pytest.raises(Refused) as refusal:
        asked(says("HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\n"))
    assert refusal.value.status == 503


def test_blocks_come_before_the_answer_is_whole() -> None:
    with server(drips) as address:
        assert next(blocks(to(address), BOUND, directly=True)) == b" "
