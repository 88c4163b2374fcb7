"""Nothing but a JSON object with a result object is taken for an answer of a server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from turnpike.errors import Unavailable
from turnpike.free_ports import LOOPBACK
from turnpike.opa.client import Client
from turnpike.opa.engine import Connect
from turnpike.opa.plain_client import PlainClient

DRIP = 0.4


@contextmanager
def server(said: bytes, *, silence: float = 0.0) -> Iterator[int]:
    """Serve one connection: read the request, wait, say the bytes, close."""
    with socket.create_server((LOOPBACK, 0)) as listener:

        def serve() -> None:
            with suppress(OSError), listener.accept()[0] as connection:
                read_request(connection)
                time.sleep(silence)
                connection.sendall(said)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:  # a thread that still accepts would take the next listener's connection
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def read_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += received_from(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    while len(body) < int(lengths[0].split(b":")[1]):
        body += received_from(connection)
    return head + body


def received_from(connection: socket.socket) -> bytes:
    """Return what comes next; raises OSError where the other side has gone."""
    if not (received := connection.recv(65536)):
        raise ConnectionResetError
    return received


def response(body: bytes, *, status: str = "200 OK", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


@pytest.fixture(params=[Client, PlainClient])
def connect(request: pytest.FixtureRequest) -> Connect:
    chosen: Connect = request.param
    return chosen


def failure(
    connect: Connect, said: bytes, *, silence: float = 0.0, patience: float = 60.0
) -> Unavailable:
    with server(said, silence=silence) as port, pytest.raises(Unavailable) as caught:
        connect(port, "token", patience).ask({"batch": []})
    return caught.value


def test_the_result_is_returned(connect: Connect) -> None:
    with server(response(b'{"result": {"results": []}}')) as port:
        assert connect(port, "token", 60.0).ask({"batch": []}) == {"results": []}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (response(b"{}"), "opa.undefined"),
        (response(b'{"result": null}'), "opa.wrong-shape"),
        (response(b'{"result": true}'), "opa.wrong-shape"),
        (response(b"[]"), "opa.wrong-shape"),
        (response(b"<html>Welcome to the portal</html>"), "opa.not-json"),
        (response(b""), "opa.not-json"),
        (response(b'{"result": {"resul'), "opa.not-json"),
        (response(b'{"result": {"resul', length=400), "opa.truncated"),
        (response(b"<html>Bad gateway</html>", status="502 Bad Gateway"), "opa.refused"),
        (response(b'{"code": "unauthorized"}', status="401 Unauthorized"), "opa.refused"),
        (b"", "opa.stopped"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "opa.stopped"),
    ],
)
def test_anything_else_is_a_failure_with_its_own_code(
    connect: Connect, said: bytes, code: str
) -> None:
    assert failure(connect, said).code == code


def test_silence_is_a_failure_once_patience_ends(connect: Connect) -> None:
    slow = failure(connect, response(b'{"result": {}}'), silence=DRIP, patience=DRIP / 4)
    assert slow.code == "opa.slow"


def test_nobody_listening_is_a_failure(connect: Connect) -> None:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        with pytest.raises(Unavailable) as caught:  # the port is kept, so that nobody takes it
            connect(probe.getsockname()[1], "token", 60.0).ask({})
    assert caught.value.code == "opa.stopped"


def test_the_token_is_not_shown(connect: Connect) -> None:
    assert "s3cret" not in repr(connect(1, "s3cret", 60.0))
