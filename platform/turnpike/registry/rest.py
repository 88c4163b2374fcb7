"""GET over HTTP with hard limits: no redirects, no silence, no endless or cut-off body."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from turnpike.errors import InputError
from turnpike.registry.mlflow_version import unavailable

_SILENCE = 2.0
_BLOCK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that one body may take: seconds in all, bytes in all."""

    seconds: float
    size: int


class Missing(Exception):
    """The server itself answered that it does not have what was asked for."""


class _OutOfBounds(Exception):
    """A body took longer, was larger or was shorter than it may be."""


class _NoRedirects(HTTPRedirectHandler):
    """A registry answers itself: a redirect usually leads to somebody's login page."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Follow nothing."""


@dataclass(frozen=True, slots=True)
class RestServer:
    """A server behind an ``http(s)://`` address; ``token`` is sent as a bearer token."""

    address: str
    token: str = ""

    def __post_init__(self) -> None:
        """Refuse an address that is none of a server, or that carries a password."""
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.password:
            raise InputError(
                "registry address: expected http(s)://host[:port] without a password, "
                f"found {parts.scheme}://{parts.hostname or ''}",
                code="registry.address",
                solution="Name the server, and give a token instead of a password.",
            )

    def get(self, path: str, bound: Bound) -> bytes:
        """Return the body behind a path; raises Missing, or Unavailable for any other failure."""
        return b"".join(self.blocks(path, bound))

    def blocks(self, path: str, bound: Bound) -> Iterator[bytes]:
        """Yield a body block by block; raises Missing, or Unavailable for any other failure."""
        try:
            yield from _read(build_opener(_NoRedirects), self._request(path), bound)
        except HTTPError as error:
            if _says_missing(error):
                raise Missing(path) from error
            raise unavailable(self.address, f"HTTP status {error.code}") from error
        except (OSError, HTTPException, _OutOfBounds) as error:
            raise unavailable(self.address, str(error) or type(error).__name__) from error

    def _request(self, path: str) -> Request:
        headers = {"Accept": "application/json"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        address = self.address.rstrip("/") + path
        return Request(address, headers=headers)  # noqa: S310  only http(s) is let in above


def _read(opener: OpenerDirector, request: Request, bound: Bound) -> Iterator[bytes]:
    ends, size = time.monotonic() + bound.seconds, 0
    with opener.open(request, timeout=min(_SILENCE, bound.seconds)) as answer:
        expected = answer.headers.get("Content-Length")
        while block := _next_block(answer.read1, ends):
            size += len(block)
            if size > bound.size:
                raise _OutOfBounds(f"more than {bound.size} bytes")
            yield block
    if expected is not None and expected != str(size):
        raise _OutOfBounds(f"{size} of {expected} bytes")


def _next_block(read: Callable[[int], bytes], ends: float) -> bytes:
    if time.monotonic() > ends:
        raise _OutOfBounds("an answer that does not end")
    return read(_BLOCK)


def _says_missing(error: HTTPError) -> bool:
    """Tell MLflow's own "there is none" from any other 404, such as a proxy's page."""
    try:
        body = error.read(_BLOCK)
    except (OSError, HTTPException):
        return False
    return error.code == 404 and b'"RESOURCE_DOES_NOT_EXIST"' in body
