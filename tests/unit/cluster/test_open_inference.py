from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from turnpike.cluster.open_inference import ModelServer, UnknownModel
from turnpike.errors import Unavailable
from unit.cluster.small_server import QuickServer

Answering = Callable[[int, bytes], ModelServer]


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Makes a server that answers every call alike."""
    started: list[QuickServer] = []

    def start(status: int, body: bytes) -> ModelServer:
        handler = type("Handler", (_Same,), {"status": status, "body": body})
        server = QuickServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        return ModelServer(f"http://127.0.0.1:{server.server_port}", 5.0)

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


class _Same(BaseHTTPRequestHandler):
    status: int
    body: bytes

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


def test_an_answer_of_the_protocol_is_read_and_additions_are_ignored(answering: Answering) -> None:
    body = b'[{"name": "a.b", "version": "v", "state": "READY", "reason": "", "new": [1]}]'
    (found,) = answering(200, body).index()
    assert (found.name, found.version, found.state) == ("a.b", "v", "READY")


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, b"<html>Log in</html>", "Log in"),
        (200, b'[{"name": 1, "state": "READY"}]', '"name": 1'),
        (200, b"", "''"),
        (500, b"Internal Server Error", "HTTP status 500: Internal Server Error"),
        (401, b"", "HTTP status 401"),
    ],
)
def test_any_other_answer_is_a_failure(
    answering: Answering, status: int, body: bytes, said: str
) -> None:
    with pytest.raises(Unavailable) as caught:
        answering(status, body).index()
    assert said in caught.value.message


def test_a_missing_model_is_told_from_a_missing_server(answering: Answering) -> None:
    with pytest.raises(UnknownModel):
        answering(404, b'{"error": "Model nope not found"}').describe("nope")


def test_a_server_that_is_not_there_is_a_failure_and_not_ready() -> None:
    server = ModelServer("http://127.0.0.1:1", 1.0)
    assert not server.is_ready()
    with pytest.raises(Unavailable, match="Connection refused"):
        server.index()


def test_a_proxy_of_the_environment_is_not_used(
    answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert answering(200, b"[]").index() == ()
