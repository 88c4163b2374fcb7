"""A real HTTP server on loopback that answers as it is told to, and keeps what it was sent."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` 0 closes the connection without a word; ``gate`` is waited for first."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    gate: threading.Event | None = None


@dataclass
class Receiver:
    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    took: list[Any] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, receiver: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver = receiver

    def handle_error(self, request: object, client_address: object) -> None:
        """A connection that was closed on purpose cannot be flushed."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        receiver = self.server.receiver
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        receiver.asked.append((self.headers["Content-Type"], body))
        answer = receiver.answers.pop(0) if receiver.answers else Answer()
        if answer.gate:
            answer.gate.wait(30)
        if not answer.status:
            self.connection.close()
            return
        if answer.status < 300:
            receiver.took.append(body)
        self._answer(answer)

    def _answer(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *args: object) -> None:
        """Say nothing."""

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except (OSError, ValueError):  # the other side went, or this one closed
            self.close_connection = True


@contextmanager
def receiving(*answers: Answer) -> Iterator[Receiver]:
    """Yield a receiver that gives the answers in turn, then takes everything."""
    receiver = Receiver(answers=list(answers))
    server = _Server(receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
