"""The server before the door: few are let in at a time, and none is kept waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from turnpike.bounded_server import SILENCE_SECONDS, Handler, Server, running
from turnpike.pages.door import Door, Request

_AT_THE_DOOR = 32


@contextmanager
def bound(address: str, port: int) -> Iterator[Server]:
    """Bind the server, so that its port is known before anybody is let in."""
    with Server((address, port), _Handler) as server:
        yield server


@contextmanager
def serving(server: Server, door: Door) -> Iterator[None]:
    """Answer by a door until the end of the block."""
    room = threading.BoundedSemaphore(_AT_THE_DOOR)
    server.RequestHandlerClass = type("PagesHandler", (_Handler,), {"door": door, "room": room})
    with running(server):
        yield


class _Handler(Handler):
    door: Door
    room: threading.BoundedSemaphore

    def meet(self) -> None:
        if not self.room.acquire(timeout=SILENCE_SECONDS):
            self.say(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        try:
            headers = {name.lower(): value for name, value in self.headers.items()}
            response = self.door.answer(Request(self.command, self.path, headers))
        finally:
            self.room.release()
        self.say(response.status, response.headers, response.body.encode())
