"""GitLab's web API through ``python-gitlab``; each answer is held to what is read of it here.

The client's own waiting is turned off: it would send again what must be sent once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import gitlab
import requests
from gitlab.base import RESTObject
from gitlab.exceptions import GitlabError, GitlabParsingError, RedirectError
from pydantic import JsonValue, TypeAdapter

from turnpike.errors import CannotDecide
from turnpike.forge.answers import REFUSED, NotThere, limited, refusal, unavailable
from turnpike.forge.patience import Patience
from turnpike.forge.patient_requests import patient_session
from turnpike.forge.web import Token, parsed, require_address

T = TypeVar("T")
R = TypeVar("R", bound=RESTObject)

_ONCE: Mapping[str, object] = {"obey_rate_limit": False, "max_retries": 0}
_PAGE = 100
_MOST_PAGES = 1_000


@dataclass(frozen=True, slots=True)
class GitLabApi:
    """The API of a GitLab, as one account sees it."""

    address: str
    client: gitlab.Gitlab = field(repr=False)

    def ask(self, what: str, call: Callable[..., object], *place: object, **body: object) -> object:
        """Return what one of the client's functions answers.

        Raises NotThere, CannotDecide where refused, Unavailable for anything else.
        """
        try:
            return call(*place, **body, **_ONCE)
        except (GitlabError, requests.RequestException, ValueError) as error:
            # From nothing: what the client raises may hold the request, and that the token.
            raise self._failure(what, error) from None

    def read(
        self, kind: TypeAdapter[T], what: str, call: Callable[..., RESTObject], *place: object
    ) -> T:
        """Return one thing as what it should be; raises Unavailable where it is not."""
        found = self.ask(what, call, *place)
        return parsed(kind, _plain(found), what)

    def pages(
        self, kind: TypeAdapter[T], what: str, call: Callable[..., object], **query: object
    ) -> Iterator[T]:
        """Yield the items of all pages; ends with the page that is empty.

        A host may give fewer items a page than it was asked for, so a short page is no end.
        """
        for number in range(1, _MOST_PAGES + 1):
            paging = {"get_all": False, "per_page": _PAGE, "page": number}
            found = self.ask(what, call, **query, **paging)
            if not isinstance(found, list):
                raise unavailable(self.address, what, "an answer that is no list")
            if not found:
                return
            yield from (parsed(kind, _plain(one), what) for one in found)
        raise unavailable(self.address, what, f"more than {_MOST_PAGES} pages")

    def _failure(self, what: str, error: Exception) -> NotThere | CannotDecide:
        if isinstance(error, RedirectError):
            return unavailable(self.address, what, "that it is somewhere else now")
        if isinstance(error, GitlabParsingError) or not isinstance(error, GitlabError):
            return unavailable(self.address, what, type(error).__name__)
        status = error.response_code or 0
        if status == 404:
            return NotThere(what)
        if status == 429:
            return limited(self.address, what)
        if status in REFUSED:
            return refusal(self.address, what, status, str(error.error_message))
        return unavailable(self.address, what, f"HTTP status {status}")


def gitlab_api(address: str, token: Token, patience: Patience | None = None) -> GitLabApi:
    """Return the API of a GitLab."""
    require_address(address)
    session = patient_session(patience or Patience(), {})
    client = gitlab.Gitlab(
        address.rstrip("/"),
        private_token=token.secret,
        session=session,
        user_agent="turnpike",
        retry_transient_errors=False,
    )
    return GitLabApi(address.rstrip("/"), client)


def _plain(found: object) -> JsonValue:
    """Return the client's object as the host sent it."""
    value: JsonValue = found.attributes if isinstance(found, RESTObject) else None
    return value
