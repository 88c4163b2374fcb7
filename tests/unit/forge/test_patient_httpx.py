from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from turnpike.forge.answers import LARGEST_ANSWER
from turnpike.forge.patience import Patience
from turnpike.forge.patient_httpx import PatientTransport

QUICK = Patience(tries=3, first_seconds=0.0, longest_seconds=1.0)


class Drip(httpx.SyncByteStream):
    """An answer without an end."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b"x"


def asked(
    *answers: httpx.Response | type[httpx.TransportError], patience: Patience = QUICK
) -> httpx.Client:
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        now = left.pop(0)
        if isinstance(now, httpx.Response):
            return now
        raise now("no answer", request=request)

    return httpx.Client(transport=PatientTransport(httpx.MockTransport(answer), patience))


def test_an_answer_is_handed_out_whole() -> None:
    with asked(
        httpx.Response(502), httpx.ConnectError, httpx.Response(200, text="at last")
    ) as client:
        assert client.get("http://host/").text == "at last"


def test_patience_ends_with_the_failure_itself() -> None:
    with asked(*[httpx.ReadTimeout] * 3) as client, pytest.raises(httpx.ReadTimeout):
        client.get("http://host/")


def test_a_post_is_sent_once() -> None:
    with asked(httpx.Response(502), httpx.Response(201)) as client:
        assert client.post("http://host/").status_code == 502


def test_more_than_anybody_asked_for_is_not_taken() -> None:
    large = [httpx.Response(200, content=b"x" * (LARGEST_ANSWER + 1)) for _ in range(3)]
    with asked(*large) as client, pytest.raises(httpx.ReadError, match="more than"):
        client.get("http://host/")


def test_an_answer_without_an_end_is_not_waited_for() -> None:
    ticks = iter(range(0, 1_000_000, 50))
    hurried = Patience(tries=1, clock=lambda: next(ticks))
    endless = asked(httpx.Response(200, stream=Drip()), patience=hurried)
    with endless as client, pytest.raises(httpx.ReadTimeout, match="no end"):
        client.get("http://host/")
