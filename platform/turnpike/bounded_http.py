"""HTTP with hard limits: no redirects, no silence, no drip, no endless or cut-off body.

``urllib`` limits each wait for a few bytes, so that whoever sends one byte now and then holds it
for ever; here the whole exchange has one end, from the connection to the last byte, with the head.
"""

from __future__ import annotations

import io
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse, HTTPSConnection
from socket import socket
from typing import IO, TYPE_CHECKING, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
)

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer  # pants: no-infer-dep

_BLOCK = 256 * 1024
_LOOPBACK = frozenset(("127.0.0.1", "::1", "localhost"))
_LARGEST_REFUSAL = 64 * 1024


def is_on_loopback(address: str) -> bool:
    """Tell whether an address is of this machine, so that nothing leaves it on the way there."""
    return urlsplit(address).hostname in _LOOPBACK


def is_private(address: str) -> bool:
    """Tell whether nobody reads on the way what is sent to an address."""
    return urlsplit(address).scheme == "https" or is_on_loopback(address)


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that one exchange may take: seconds, bytes of the body, and seconds of silence.

    Without ``silence`` it may say nothing for all of its time.
    """

    seconds: float
    size: int
    silence: float = math.inf


class NoAnswer(Exception):
    """Nobody answered, or not whole, or beyond a bound; the text says which."""


class Refused(Exception):
    """The server answered with another status than success; ``body`` is what it said, cut off."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(f"HTTP status {status}")
        self.status = status
        self.body = body


def body_of(request: Request, bound: Bound, *, directly: bool = False) -> bytes:
    """Return the body of an answer; ``directly`` asks no proxy. Raises NoAnswer or Refused."""
    return b"".join(blocks(request, bound, directly=directly))


def blocks(request: Request, bound: Bound, *, directly: bool = False) -> Iterator[bytes]:
    """Yield the body of an answer block by block; raises NoAnswer or Refused."""
    ends = time.monotonic() + bound.seconds
    proxies = [ProxyHandler({})] if directly else []
    opener = build_opener(_NoRedirects(), _Ending(ends), *proxies)
    try:
        with opener.open(request, timeout=min(bound.silence, bound.seconds)) as answer:
            yield from _whole(answer, bound.size)
    except HTTPError as error:
        raise Refused(error.code, _said(error)) from error
    except (OSError, HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise NoAnswer(str(reason) or type(reason).__name__) from error


def _whole(answer: HTTPResponse, most: int) -> Iterator[bytes]:
    expected, size = answer.headers.get("Content-Length"), 0
    while block := answer.read1(_BLOCK):
        size += len(block)
        if size > most:
            raise NoAnswer(f"more than {most} bytes")
        yield block
    if expected is not None and expected != str(size):
        raise NoAnswer(f"{size} of {expected} bytes")


def _said(error: HTTPError) -> bytes:
    """Return what stands below a refusal; nothing where even that does not come."""
    try:
        with error:
            return error.read(_LARGEST_REFUSAL)
    except (OSError, HTTPException):
        return b""


class _NoRedirects(HTTPRedirectHandler):
    """Who is asked answers: a redirect leads to a login page, and the token is for one address."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Follow nothing."""


class _Ending(HTTPSHandler, HTTPHandler):
    """Opens connections whose answers have an end; takes the place of both of urllib's own."""

    def __init__(self, ends: float) -> None:
        super().__init__()
        self._ends = ends

    def http_open(self, req: Request) -> HTTPResponse:
        """Return an answer that is read until the end at most."""
        return self.do_open(partial(_connection, HTTPConnection, self._ends), req)

    def https_open(self, req: Request) -> HTTPResponse:
        """Return an answer that is read until the end at most."""
        return self.do_open(partial(_connection, HTTPSConnection, self._ends), req)


def _connection(
    kind: type[HTTPConnection], ends: float, host: str, *, timeout: float
) -> HTTPConnection:
    made = kind(host, timeout=timeout)
    made.response_class = cast("type[HTTPResponse]", partial(_answer, ends, timeout))
    return made


def _answer(
    ends: float, silence: float, line: socket, debuglevel: int = 0, method: str | None = None
) -> HTTPResponse:
    """Return an answer as ``http.client`` makes it, read through a clock."""
    made = HTTPResponse(line, debuglevel, method)
    made.fp = io.BufferedReader(Clocked(line, made.fp.detach(), ends, silence))
    return made


class Clocked(io.RawIOBase):
    """What comes over a line, until its end: whoever drips letters gets no more time by it."""

    def __init__(self, line: socket, read: io.RawIOBase, ends: float, silence: float) -> None:
        """Read a line through ``read``; ``ends`` is of the monotonic clock, both are seconds."""
        super().__init__()
        self._line = line
        self._read = read
        self._ends = ends
        self._silence = silence

    def readable(self) -> bool:
        """Tell that it is read."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        """Read what is there; raises TimeoutError after its end, or after too long a silence."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("an answer that does not end")
        self._line.settimeout(min(self._silence, left))
        return self._read.readinto(buffer)

    def close(self) -> None:
        """Close the line as well."""
        self._read.close()
        super().close()
