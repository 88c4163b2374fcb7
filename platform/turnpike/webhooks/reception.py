"""The door at which webhooks arrive: it checks, notes, and answers at once; it judges nothing.

Statuses: 202 noted (or nothing to do), 400 a pipeline's body that is none, 401 not signed by the
host, or no token of a declared pipeline, 404 another path, 405 no POST, 411 no length or several,
413 too large, 415 signed but no JSON, 503 the queue is full or no disk, too many are at the
door, or nobody could say whom a token is of. Who has not said everything within twenty seconds is
left without an answer. TLS and limits for each sender belong to the proxy in front of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

from turnpike.bounded_server import SILENCE_SECONDS, WHOLE_SECONDS, Handler, Server, running
from turnpike.errors import InputError, TurnpikeError
from turnpike.webhooks.delivery import Delivery, Sender, headers_of
from turnpike.webhooks.pipeline import Pipelines
from turnpike.webhooks.queue import Queue

LARGEST_BODY = 4 * 1024 * 1024
PATH = "/webhooks"
PIPELINES_PATH = "/pipelines"
_AT_THE_DOOR = 32
_PIPELINES_AT_THE_DOOR = 8
_LONGEST_LENGTH = 10  # letters: a longer number is too large anyhow


@dataclass(frozen=True, slots=True)
class Door:
    """What a webhook meets: the sender it must be from, and the queue that it goes into.

    ``pipelines`` are those whose runs may ask as well; they have a room of their own, so that
    strangers who wait there for an answer about their tokens keep no webhook out. ``tell`` takes
    one line for whoever runs the service. Within ``whole_seconds`` all must be said.
    """

    sender: Sender
    queue: Queue
    pipelines: Pipelines | None = None
    room: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_AT_THE_DOOR)
    )
    pipelines_room: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_PIPELINES_AT_THE_DOOR)
    )
    clock: Callable[[], float] = time.time
    tell: Callable[[str], None] = lambda _: None
    whole_seconds: float = WHOLE_SECONDS

    def receive(self, delivery: Delivery) -> HTTPStatus:
        """Note what a webhook is about, and return what the host is told."""
        if not self.sender.signed(delivery, self.clock()):
            return HTTPStatus.UNAUTHORIZED
        if not delivery.is_json:
            self.tell("a webhook that is no JSON: let the Git host send application/json")
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        number = self.sender.number_in(delivery)
        names = self.sender.names_of(delivery)
        if number is None or not self.queue.is_new(*names):
            return HTTPStatus.ACCEPTED
        if not self.queue.put(number):
            return HTTPStatus.SERVICE_UNAVAILABLE
        self.queue.saw(*names)
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
    own = {"door": door, "whole_seconds": door.whole_seconds}
    with (
        Server((address, port), type("WebhookHandler", (_Handler,), own)) as server,
        running(server),
    ):
        yield server.server_port


class _Handler(Handler):
    door: Door

    def meet(self) -> None:
        if self.command == "POST":
            self._take_in()
        else:
            alive = self.path == "/healthz"
            self._say(HTTPStatus.OK if alive else HTTPStatus.METHOD_NOT_ALLOWED)

    def _take_in(self) -> None:
        is_pipeline = self.path == PIPELINES_PATH
        room = self.door.pipelines_room if is_pipeline else self.door.room
        if not room.acquire(timeout=SILENCE_SECONDS):
            self._say(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        try:
            self._say(self._received())
        finally:
            room.release()

    def _received(self) -> HTTPStatus:
        take = {PATH: self.door.receive, PIPELINES_PATH: self.door.ask}.get(self.path)
        if take is None:
            return HTTPStatus.NOT_FOUND
        lengths = self.headers.get_all("Content-Length", [])
        # RFC 9112, section 6.3: with both, or with two lengths, a proxy may see another body.
        if len(lengths) != 1 or not lengths[0].isdecimal() or "Transfer-Encoding" in self.headers:
            return HTTPStatus.LENGTH_REQUIRED
        if len(lengths[0]) > _LONGEST_LENGTH or int(lengths[0]) > LARGEST_BODY:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        body = self.rfile.read(int(lengths[0]))
        try:
            return take(Delivery(headers_of(self.headers.items()), body))
        except OSError as error:
            self.door.tell(f"the queue can't be written: {error.strerror or error}")
            return HTTPStatus.SERVICE_UNAVAILABLE

    def _say(self, status: HTTPStatus) -> None:
        is_busy = status == HTTPStatus.SERVICE_UNAVAILABLE
        self.say(status, (("Retry-After", "30"),) if is_busy else ())
