"""A ``requests`` session that waits for a busy host, and takes no more than it should."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import partial

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from turnpike.forge.answers import LARGEST_ANSWER
from turnpike.forge.patience import Answered, Patience

Timeout = float | tuple[float, float] | tuple[float, None] | None

_TIMEOUT = (5.0, 30.0)
"""Seconds to connect, and between two blocks of an answer."""
_WHOLE_SECONDS = 120.0
_BLOCK = 256 * 1024
_QUOTED = 4096


class TooLarge(requests.RequestException):
    """The host sent more than anybody asked for, or took too long over it."""


class PatientAdapter(HTTPAdapter):
    """Sends again what may be sent again; hands out answers that have been read to their end."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        super().__init__(max_retries=0)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - the base's words; always streamed
        timeout: Timeout = None,  # noqa: ARG002 - always the same
        verify: bool | str = True,
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request until it is answered or patience ends."""
        ask = partial(super().send, request, True, _TIMEOUT, verify, cert, proxies)
        return self._patience.ask(lambda: self._once(ask), lambda got: _answered(request, got))

    def _once(
        self, ask: Callable[[], requests.Response]
    ) -> tuple[requests.Response | None, requests.RequestException]:
        try:
            answer = ask()
            answer.raw = io.BytesIO(self._content(answer))
        except requests.RequestException as error:
            return None, error
        return answer, TooLarge()

    def _content(self, answer: requests.Response) -> bytes:
        started, content = self._patience.clock(), bytearray()
        try:
            for block in answer.raw.stream(_BLOCK, decode_content=True):
                content += block
                if len(content) > LARGEST_ANSWER:
                    raise TooLarge(f"more than {LARGEST_ANSWER} bytes")
                if self._patience.clock() - started > _WHOLE_SECONDS:
                    raise TooLarge(f"no end after {_WHOLE_SECONDS:.0f} seconds")
        except HTTPError as error:
            raise requests.ConnectionError(type(error).__name__) from error
        finally:
            answer.raw.release_conn()
        return bytes(content)


def _answered(request: requests.PreparedRequest, answer: requests.Response | None) -> Answered:
    method = request.method or ""
    if answer is None:
        return Answered(method, 0, {})
    headers = {name.lower(): value for name, value in answer.headers.items()}
    said = answer.text[:_QUOTED] if answer.status_code >= 400 else ""
    return Answered(method, answer.status_code, headers, said)


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep the account that was given: without this, one of ~/.netrc would take its place."""
    return request


def patient_session(patience: Patience, headers: Mapping[str, str]) -> requests.Session:
    """Return a session whose every request is patient and says who asks."""
    session = requests.Session()
    session.headers.update(headers)
    session.auth = _as_it_is
    for scheme in ("http://", "https://"):
        session.mount(scheme, PatientAdapter(patience))
    return session
