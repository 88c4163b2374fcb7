"""A Git host's web API: JSON over HTTP, with patience for a busy host and none for a wrong answer.

Gitea's, which has no client of its own among the packages; what is sent again says ``patience``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from turnpike.errors import InputError
from turnpike.explain.escape import without_account
from turnpike.forge.answers import (
    REFUSED,
    NotThere,
    limited,
    refusal,
    unavailable,
    unreadable,
)
from turnpike.forge.patience import Patience
from turnpike.topology.server_address import SHAPE, is_server_address

if TYPE_CHECKING:
    from requests import Response, Session

T = TypeVar("T")

_MOST_PAGES = 1_000
_BUSY = frozenset((0, 502, 503, 504))
_ONE_WORD = re.compile("[!-~]*")


class Seen(BaseModel):
    """What is read of a host's answer; hosts add fields at will, so others are left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


@dataclass(frozen=True, slots=True)
class Token:
    """A secret that never shows itself."""

    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse what no header carries, before the client that is given it quotes it."""
        if not _ONE_WORD.fullmatch(self.secret):
            raise InputError(
                "token of the Git host: expected one word of visible ASCII letters, got others",
                code="forge.token",
                solution="Copy it again from the host, without blanks, and as the only line.",
            )


@dataclass(frozen=True)
class WebApi:
    """The API below one address; ``headers`` say who asks."""

    address: str
    headers: Mapping[str, str] = field(repr=False)
    wait_seconds: float = 0.3

    def __post_init__(self) -> None:
        """Refuse an address that is none of a server, or that carries a password."""
        require_address(self.address)

    def get(self, path: str, **query: str | int) -> JsonValue:
        """Return what a path answers; raises NotThere, CannotDecide or Unavailable."""
        return self._value(self._send("GET", path, query, None))

    def send(self, method: str, path: str, body: Mapping[str, JsonValue]) -> JsonValue:
        """Change something; raises NotThere, CannotDecide where refused, or Unavailable."""
        return self._value(self._send(method, path, {}, body))

    def pages(
        self, path: str, size: int = 50, *, null_ends: bool = False, **query: str | int
    ) -> Iterator[JsonValue]:
        """Yield the items of all pages; ends with the page that is empty.

        A host may give fewer items a page than it was asked for, so a short page is no end.
        ``null_ends`` where it says null for an empty page.
        """
        for number in range(1, _MOST_PAGES + 1):
            items = self.get(path, **query, page=number, limit=size)
            if items is None and null_ends:
                return
            if not isinstance(items, list):
                raise unavailable(self.address, path, "an answer that is no list")
            if not items:
                return
            yield from items
        raise unavailable(self.address, path, f"more than {_MOST_PAGES} pages")

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
                allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException as error:
            # From nothing: what the client raises holds the request, and that the token.
            raise unavailable(self.address, path, type(error).__name__) from None
        # 303: the host would rather talk of something else, such as what strangers may see.
        if answer.status_code in (303, 404):
            raise NotThere(path)
        if answer.status_code == 429:
            raise limited(self.address, path)
        if answer.status_code in REFUSED:
            raise refusal(self.address, f"{method} {path}", answer.status_code, answer.text)
        if not 200 <= answer.status_code < 300:
            raise unavailable(self.address, path, f"HTTP status {answer.status_code}")
        return answer

    def _value(self, answer: Response) -> JsonValue:
        content = answer.content
        if not content:
            return None
        if "json" not in answer.headers.get("Content-Type", ""):
            raise unavailable(self.address, answer.url, "an answer that is not JSON")
        try:
            value: JsonValue = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise unavailable(self.address, answer.url, "JSON that is cut off") from error
        return value

    @cached_property
    def _session(self) -> Session:
        from turnpike.forge.patient_requests import patient_session

        patience = Patience(first_seconds=self.wait_seconds, busy=_BUSY)
        return patient_session(patience, {"Accept": "application/json", **self.headers})


def require_address(address: str) -> None:
    """Raise InputError for an address that is none of a server, or that carries a password."""
    if not is_server_address(address):
        raise InputError(
            f"forge address: expected {SHAPE}, got {without_account(address)}", code="forge.address"
        )


def parsed(kind: TypeAdapter[T], value: JsonValue, what: str) -> T:
    """Return a host's answer as what it should be; raises Unavailable where it is not."""
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        first: Any = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise unreadable(what, place, first["msg"]) from error
