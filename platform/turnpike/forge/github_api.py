"""GitHub's web API through ``githubkit``: each answer is held to GitHub's own description of it.

What githubkit answers is untyped here, because its description is thousands of generated files;
whoever asks turns it into a typed value at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from githubkit import GitHub, TokenAuthStrategy
from githubkit.exception import GitHubException, RateLimitExceeded, RequestError, RequestFailed
from githubkit.response import Response
from pydantic import TypeAdapter, ValidationError

from turnpike.errors import CannotDecide, Unavailable
from turnpike.forge.answers import (
    REFUSED,
    NotThere,
    limited,
    refusal,
    unavailable,
    unreadable,
)
from turnpike.forge.patience import Patience
from turnpike.forge.patient_httpx import SECONDS, PatientTransport
from turnpike.forge.web import Token, require_address

PUBLIC = "https://github.com"
_PUBLIC_API = "https://api.github.com"
_NEXT = re.compile(r'<([^<>]*)>;\s*rel="next"')
_CURSORS = ("page", "after", "before")
_PAGE = 100
_MOST_PAGES = 1_000

T = TypeVar("T")

Call = Callable[..., Response[Any, Any]]


@dataclass(frozen=True, slots=True)
class GitHubApi:
    """The API of github.com or of a GitHub Enterprise Server, as one account sees it."""

    address: str
    client: GitHub[TokenAuthStrategy] = field(repr=False)

    @property
    def rest(self) -> Any:  # noqa: ANN401 - see above
        """Return githubkit's functions, one for each thing that can be asked."""
        return self.client.rest

    def ask(self, call: Call, *place: object, **body: object) -> Any:  # noqa: ANN401 - see above
        """Return what a function answers, which is what GitHub's description says.

        Raises NotThere, CannotDecide where refused, Unavailable for anything else.
        """
        return _parsed(self.tell(call, *place, **body), call)

    def tell(self, call: Call, *place: object, **body: object) -> Response[Any, Any]:
        """Call a function whose answer has nothing in it; raises as ``ask`` does."""
        try:
            answer = call(*place, **body)
        except GitHubException as error:
            # From nothing: what githubkit raises holds the request, and that the token.
            raise self._failure(call, error) from None
        if answer.raw_response.is_redirect:
            raise unavailable(self.address, _what(call), "that it is somewhere else now")
        return answer

    def pages(self, call: Call, *place: object, **query: object) -> Iterator[Any]:
        """Yield the items of all pages, by the links from each to the next."""
        for answer in self._answers(call, *place, **query):
            yield from _parsed(answer, call)

    def pages_as(
        self, kind: TypeAdapter[list[T]], call: Call, *place: object, **query: object
    ) -> Iterator[T]:
        """Yield the items of all pages as what they should be.

        For lists of many kinds of things, of which GitHub's description leaves some out.
        """
        for answer in self._answers(call, *place, **query):
            try:
                yield from kind.validate_json(answer.content)
            except ValidationError as error:
                raise _not_as_described(error, call) from None

    def _answers(self, call: Call, *place: object, **query: object) -> Iterator[Response[Any, Any]]:
        cursor: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            answer = self.tell(call, *place, **{**query, "per_page": _PAGE, **cursor})
            yield answer
            cursor = _cursor(answer.headers.get("link", ""))
            if not cursor:
                return
        raise unavailable(self.address, _what(call), f"more than {_MOST_PAGES} pages")

    def _failure(self, call: Call, error: GitHubException) -> NotThere | CannotDecide:
        what = _what(call)
        if isinstance(error, RateLimitExceeded):
            return limited(self.address, what)
        if isinstance(error, RequestFailed):
            status = error.response.status_code
            if status == 404:
                return NotThere(what)
            if status == 429:
                return limited(self.address, what)
            if status in REFUSED:
                return refusal(self.address, what, status, error.response.text)
            return unavailable(self.address, what, f"HTTP status {status}")
        cause = error.exc if isinstance(error, RequestError) else error
        return unavailable(self.address, what, type(cause).__name__)


def github_api(address: str, token: Token, patience: Patience | None = None) -> GitHubApi:
    """Return the API of a GitHub; an address other than github.com is an Enterprise Server's."""
    require_address(address)
    address = address.rstrip("/")
    api = _PUBLIC_API if address == PUBLIC else f"{address}/api/v3"
    # Without TLS there is nothing to verify, and reading all authorities takes half a second.
    below = httpx.HTTPTransport(verify=api.startswith("https:"), proxy=_proxy(api))
    client = GitHub(
        TokenAuthStrategy(token.secret),
        base_url=api,
        timeout=SECONDS,
        transport=PatientTransport(below, patience or Patience()),
        follow_redirects=False,
        http_cache=False,
        auto_retry=False,
        user_agent="turnpike",
    )
    return GitHubApi(address, client)


def _proxy(address: str) -> str | None:
    """Return the proxy that the environment names for an address."""
    parts = urlsplit(address)
    bypassed = proxy_bypass(parts.hostname or "")
    return None if bypassed else getproxies().get(parts.scheme)


def _parsed(answer: Response[Any, Any], call: Call) -> Any:  # noqa: ANN401 - see above
    try:
        return answer.parsed_data
    except ValidationError as error:
        raise _not_as_described(error, call) from None


def _not_as_described(error: ValidationError, call: Call) -> Unavailable:
    first: Any = error.errors(include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"]) or "no JSON"
    return unreadable(_what(call), place, first["msg"])


def _cursor(link: str) -> dict[str, str]:
    """Return where the next page begins; only that is taken from the link, never its address."""
    found = _NEXT.search(link)
    query = dict(parse_qsl(urlsplit(found[1]).query)) if found else {}
    return {name: query[name] for name in _CURSORS if name in query}


def _what(call: Call) -> str:
    return getattr(call, "__name__", "a request").replace("_", " ")
