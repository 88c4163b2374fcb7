"""The door at which webhooks arrive: it checks, notes, and answers at once; it judges nothing.

Statuses: 202 noted (or nothing to do), 400 a pipeline's body that is none, 401 not signed by the
host, or no token of a declared pipeline, 404 another path, 405 no POST, 411 no length, 413 too
large, 503 the queue is full, too many are at the door, or nobody could say whom a token is of. TLS
and limits for each sender belong to the proxy in front of it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from turnpike.errors import InputError, TurnpikeError
from turnpike.webhooks.delivery import Delivery, Sender, fingerprint
from turnpike.webhooks.pipeline import Pipelines
from turnpike.webhooks.queue import Queue

LARGEST_BODY = 4 * 1024 * 1024
PATH = "/webhooks"
PIPELINES_PATH = "/pipelines"
_AT_THE_DOOR = 32
_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Door:
    """What a webhook meets: the sender it must be from, and the queue that it goes into.

    ``pipelines`` are those whose runs may ask as well.
    """

    sender: Sender
    queue: Queue
    pipelines: Pipelines | None = None
    room: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_AT_THE_DOOR)
    )

    def receive(self, delivery: Delivery) -> HTTPStatus:
        """Note what a webhook is about, and return what the host is told."""
        if not self.sender.signed(delivery):
            return HTTPStatus.UNAUTHORIZED
        number = self.sender.number_in(delivery)
        if number is None or (delivery.id and not self.queue.is_new(fingerprint(delivery))):
            return HTTPStatus.ACCEPTED
        if not self.queue.put(number):
            return HTTPStatus.SERVICE_UNAVAILABLE
        if delivery.id:
            self.queue.saw(fingerprint(delivery))
        return HTTPStatus.ACCEPTED

    def ask(self, delivery: Delivery) -> HTTPStatus:
        """Note what a pipeline's run asks about, and return what it is told.

        A token that is used again asks for the same look again, which does no harm.
        """
        if self.pipelines is None:
            return HTTPStatus.NOT_FOUND
        try:
            number = self.pipelines.number_asked(delivery.headers, delivery.body)
        except InputError as error:
            is_body = error.code == "pipeline.body"
            return HTTPStatus.BAD_REQUEST if is_body else HTTPStatus.UNAUTHORIZED
        except TurnpikeError:
            return HTTPStatus.SERVICE_UNAVAILABLE
        full = not self.queue.put(number)
        return HTTPStatus.SERVICE_UNAVAILABLE if full else HTTPStatus.ACCEPTED


@contextmanager
def listening(door: Door, address: str, port: int) -> Iterator[int]:
    """Listen until the end of the block; gives the port."""
    handler = type("Handler", (_Handler,), {"door": door})
    server = _Server((address, port), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    """One connection; it ends with its answer."""

    door: Door
    timeout = _SECONDS  # for each read: who sends nothing is left

    def do_POST(self) -> None:
        if not self.door.room.acquire(timeout=_SECONDS):
            self._say(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        try:
            self._say(self._received())
        finally:
            self.door.room.release()

    def do_GET(self) -> None:
        alive = self.path == "/healthz"
        self._say(HTTPStatus.OK if alive else HTTPStatus.METHOD_NOT_ALLOWED)

    def _received(self) -> HTTPStatus:
        take = {PATH: self.door.receive, PIPELINES_PATH: self.door.ask}.get(self.path)
        if take is None:
            return HTTPStatus.NOT_FOUND
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            return HTTPStatus.LENGTH_REQUIRED
        if int(length) > LARGEST_BODY:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        headers = {name.lower(): value for name, value in self.headers.items()}
        return take(Delivery(headers, self.rfile.read(int(length))))

    def _say(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.send_header("Retry-After", "30")
        self.end_headers()
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's word
        """Say nothing: a request line is a stranger's."""
