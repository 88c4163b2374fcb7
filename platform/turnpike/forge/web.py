"""A Git host's web API: JSON over HTTP, with patience for a busy host and none for a wrong answer.

Retries follow RFC 9110 (Retry-After) and use exponential waits with jitter. A POST could act twice,
so it is sent once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from turnpike.errors import CannotDecide, InputError, Unavailable

if TYPE_CHECKING:
    from requests import Response, Session
    from urllib3.util import Retry

T = TypeVar("T")

_CONNECT_SECONDS = 5.0
_READ_SECONDS = 30.0
_LARGEST_ANSWER = 16 * 1024 * 1024
_TRIES = 5
_MOST_PAGES = 1_000
_BUSY = (429, 502, 503, 504)
_REFUSED = (401, 403, 405, 409, 422, 423)


class Seen(BaseModel):
    """What is read of a host's answer; hosts add fields at will, so others are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class NotThere(Exception):
    """The host answered that there is no such thing."""


@dataclass(frozen=True, slots=True)
class Token:
    """A secret that never shows itself."""

    secret: str = field(repr=False)

    @classmethod
    def read(cls, environ: Mapping[str, str], variable: str) -> Token:
        """Return the token of ``VARIABLE``, or of the file that ``VARIABLE_FILE`` names.

        Raises InputError where neither is set, or the file cannot be read.
        """
        if secret := environ.get(variable, "").strip():
            return cls(secret)
        file = environ.get(f"{variable}_FILE", "")
        if not file:
            raise InputError(
                f"expected a token in {variable} or in the file that {variable}_FILE names,"
                " found neither",
                code="forge.no-token",
                solution="Make one for the bot's account at the host, with rights on this"
                " repository only.",
            )
        try:
            return cls(Path(file).read_text("utf-8").strip())
        except OSError as error:
            raise InputError(
                f"{variable}_FILE: expected a file that can be read, got {file}: {error.strerror}",
                code="forge.no-token",
            ) from error


@dataclass(frozen=True)
class WebApi:
    """The API below one address; ``headers`` say who asks."""

    address: str
    headers: Mapping[str, str] = field(repr=False)
    wait_seconds: float = 0.3

    def __post_init__(self) -> None:
        """Refuse an address that is none of a server, or that carries a password."""
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.password:
            raise InputError(
                "forge address: expected http(s)://host[:port] without a password, "
                f"got {parts.scheme}://{parts.hostname or ''}",
                code="forge.address",
            )

    def get(self, path: str, **query: str | int) -> JsonValue:
        """Return what a path answers; raises NotThere, CannotDecide or Unavailable."""
        return self._value(self._send("GET", path, query, None))

    def send(self, method: str, path: str, body: Mapping[str, JsonValue]) -> JsonValue:
        """Change something; raises NotThere, CannotDecide where refused, or Unavailable."""
        return self._value(self._send(method, path, {}, body))

    def pages(self, path: str, size: int = 50, **query: str | int) -> Iterator[JsonValue]:
        """Yield the items of all pages; ends with the page that is empty.

        A host may give fewer items a page than it was asked for, so a short page is no end.
        """
        for number in range(1, _MOST_PAGES + 1):
            items = self.get(path, **query, page=number, limit=size)
            if not isinstance(items, list):
                raise self._unavailable(path, "an answer that is no list")
            if not items:
                return
            yield from items
        raise self._unavailable(path, f"more than {_MOST_PAGES} pages")

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int],
        body: Mapping[str, JsonValue] | None,
    ) -> Response:
        import requests

        try:
            answer = self._session.request(
                method, self.address.rstrip("/") + path, params=dict(query), json=body,
                timeout=(_CONNECT_SECONDS, _READ_SECONDS), allow_redirects=False, stream=True,
            )  # fmt: skip
        except requests.RequestException as error:
            raise self._unavailable(path, type(error).__name__) from error
        # 303: the host would rather talk of something else, such as what strangers may see.
        if answer.status_code in (303, 404):
            raise NotThere(path)
        if answer.status_code in _REFUSED:
            raise self._refusal(method, path, answer)
        if not 200 <= answer.status_code < 300:
            raise self._unavailable(path, f"HTTP status {answer.status_code}")
        return answer

    def _value(self, answer: Response) -> JsonValue:
        content = self._content(answer)
        if not content:
            return None
        if "json" not in answer.headers.get("Content-Type", ""):
            raise self._unavailable(answer.url, "an answer that is not JSON")
        try:
            value: JsonValue = json.loads(content)
        except ValueError as error:
            raise self._unavailable(answer.url, "JSON that is cut off") from error
        return value

    def _content(self, answer: Response) -> bytes:
        import requests

        content = bytearray()
        try:
            for block in answer.iter_content(256 * 1024):
                content += block
                if len(content) > _LARGEST_ANSWER:
                    raise self._unavailable(answer.url, f"more than {_LARGEST_ANSWER} bytes")
        except requests.RequestException as error:
            raise self._unavailable(answer.url, type(error).__name__) from error
        return bytes(content)

    @cached_property
    def _session(self) -> Session:
        from requests import Session
        from requests.adapters import HTTPAdapter

        session = Session()
        session.headers.update({"Accept": "application/json", **self.headers})
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=_patience(self.wait_seconds)))
        return session

    def _refusal(self, method: str, path: str, answer: Response) -> CannotDecide:
        said = self._content(answer)[:500].decode("utf-8", "replace")
        return CannotDecide(
            f"{self.address} refused {method} {path} with status {answer.status_code}: {said}",
            code="forge.refused",
            solution="Look at the rights of the token, and at what the host says above.",
        )

    def _unavailable(self, path: str, found: str) -> Unavailable:
        return Unavailable(
            f"{self.address}: expected an answer about {path}, found {found}",
            code="forge.unreachable",
            solution="See whether the Git host answers; then run the same command again.",
        )


def parsed(kind: TypeAdapter[T], value: JsonValue, what: str) -> T:
    """Return a host's answer as what it should be; raises Unavailable where it is not."""
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        first: Any = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise Unavailable(
            f"{what}: expected the host's usual answer, found {place}: {first['msg']}",
            code="forge.unreadable",
            solution="Compare the host's version with those that Turnpike is tested against.",
        ) from error


def _patience(wait_seconds: float) -> Retry:
    from urllib3.util import Retry

    return Retry(
        total=_TRIES,
        connect=_TRIES,
        read=2,
        redirect=0,
        status=_TRIES,
        status_forcelist=_BUSY,
        allowed_methods=frozenset(("GET", "PUT", "PATCH", "DELETE")),
        backoff_factor=wait_seconds,
        backoff_jitter=wait_seconds,
        backoff_max=20,
        raise_on_status=False,
        respect_retry_after_header=True,
    )
