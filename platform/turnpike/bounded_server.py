"""An HTTP server that no client can hold: so many connections, each over after so many seconds.

A connection carries one request and one answer. Whoever is silent, or drips letters to seem alive,
is left without an answer; TLS and limits for each sender belong to the proxy in front.
"""

from __future__ import annotations

import io
import socket
import sys
import threading
import time
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from turnpike.bounded_http import Clocked

MOST_CONNECTIONS = 256
SILENCE_SECONDS = 10.0
WHOLE_SECONDS = 20.0

_Request = socket.socket | tuple[bytes, socket.socket]
_Address = tuple[str, int]
Headers = tuple[tuple[str, str], ...]


class Server(ThreadingHTTPServer):
    """One thread a connection; beyond ``MOST_CONNECTIONS`` they are closed at once."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: _Address, handler: type[BaseHTTPRequestHandler]) -> None:
        self._seats = threading.BoundedSemaphore(MOST_CONNECTIONS)
        super().__init__(address, handler)

    def process_request(self, request: _Request, client_address: _Address) -> None:
        """Serve a connection where a seat is free."""
        if not self._seats.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: _Request, client_address: _Address) -> None:
        """Serve it, then make room for another."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._seats.release()

    def handle_error(self, request: _Request, client_address: _Address) -> None:
        """Say nothing of a client that went away; anything else is told as it is."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection; within ``whole_seconds`` its request must be said."""

    timeout = SILENCE_SECONDS  # for each read, and for what it writes
    whole_seconds = WHOLE_SECONDS
    server_version, sys_version = "turnpike", ""

    def setup(self) -> None:
        """Let all that is read come over a clock."""
        super().setup()
        ends = time.monotonic() + self.whole_seconds
        raw = self.connection.makefile("rb", buffering=0)
        self.rfile.close()
        self.rfile = io.BufferedReader(Clocked(self.connection, raw, ends, SILENCE_SECONDS))

    def do_GET(self) -> None:
        """Answer as to a POST; ``command`` tells them apart."""
        self.meet()

    def do_POST(self) -> None:
        """Answer as to a GET; ``command`` tells them apart."""
        self.meet()

    @abstractmethod
    def meet(self) -> None:
        """Answer the request by ``say``."""

    def say(self, status: HTTPStatus, headers: Headers = (), body: bytes = b"") -> None:
        """Send an answer, and end the connection."""
        self.connection.settimeout(SILENCE_SECONDS)  # reading may have left it less
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's word
        """Say nothing: a request line is a stranger's, or holds codes and states of logins."""


@contextmanager
def running(server: Server) -> Iterator[None]:
    """Answer until the end of the block; who binds a server closes it."""
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
