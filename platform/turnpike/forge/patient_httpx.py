"""An ``httpx`` transport that waits for a busy host, and takes no more than it should."""

from __future__ import annotations

from typing import cast

import httpx

from turnpike.forge.answers import LARGEST_ANSWER
from turnpike.forge.patience import Answered, Patience

SECONDS = httpx.Timeout(30.0, connect=5.0)
_WHOLE_SECONDS = 120.0
_QUOTED = 4096


class PatientTransport(httpx.BaseTransport):
    """Sends again what may be sent again; hands out answers that have been read to their end."""

    def __init__(self, below: httpx.BaseTransport, patience: Patience) -> None:
        self._below = below
        self._patience = patience

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request until it is answered or patience ends."""
        request.headers["Accept-Encoding"] = "identity"  # so that its size is its size
        return self._patience.ask(lambda: self._once(request), lambda got: _answered(request, got))

    def close(self) -> None:
        """Close what is below."""
        self._below.close()

    def _once(self, request: httpx.Request) -> tuple[httpx.Response | None, httpx.TransportError]:
        try:
            answer = self._below.handle_request(request)
            content = self._content(answer)
        except httpx.TransportError as error:
            return None, error
        whole = httpx.Response(answer.status_code, headers=answer.headers, content=content)
        return whole, httpx.ReadError("")

    def _content(self, answer: httpx.Response) -> bytes:
        started, content = self._patience.clock(), bytearray()
        try:
            for block in cast("httpx.SyncByteStream", answer.stream):
                content += block
                if len(content) > LARGEST_ANSWER:
                    raise httpx.ReadError(f"more than {LARGEST_ANSWER} bytes")
                if self._patience.clock() - started > _WHOLE_SECONDS:
                    raise httpx.ReadTimeout(f"no end after {_WHOLE_SECONDS:.0f} seconds")
        finally:
            answer.close()
        return bytes(content)


def _answered(request: httpx.Request, answer: httpx.Response | None) -> Answered:
    if answer is None:
        return Answered(request.method, 0, {})
    said = answer.content[:_QUOTED].decode("utf-8", "replace") if answer.is_error else ""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return Answered(request.method, answer.status_code, headers, said)
