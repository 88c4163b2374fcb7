"""The server before the door: one thread a connection, few at a time, none that is kept waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from turnpike.pages.door import Door, Request, Response

_AT_THE_DOOR = 32
_SECONDS = 10.0


@contextmanager
def bound(address: str, port: int) -> Iterator[ThreadingHTTPServer]:
    """Bind the server, so that its port is known before anybody is let in."""
    server = _Server((address, port), _Handler)
    try:
        yield server
    finally:
        server.server_close()


@contextmanager
def serving(server: ThreadingHTTPServer, door: Door) -> Iterator[None]:
    """Answer by a door until the end of the block."""
    room = threading.BoundedSemaphore(_AT_THE_DOOR)
    server.RequestHandlerClass = type("Handler", (_Handler,), {"door": door, "room": room})
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    """One connection; it ends with its answer."""

    door: Door
    room: threading.BoundedSemaphore
    timeout = _SECONDS  # for each read: who sends nothing is left
    server_version, sys_version = "turnpike", ""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        if not self.room.acquire(timeout=_SECONDS):
            self._say(Response(HTTPStatus.SERVICE_UNAVAILABLE, ""))
            return
        try:
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._say(self.door.answer(Request(method, self.path, headers)))
        finally:
            self.room.release()

    def _say(self, response: Response) -> None:
        body = response.body.encode("utf-8")
        self.send_response(response.status)
        for name, value in response.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's word
        """Say nothing: a request line holds codes and states of logins."""
