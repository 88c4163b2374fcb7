"""One webhook: whether the host sent it, and which pull request it is about.

Sources: GitHub's "Validating webhook deliveries", Gitea's and GitLab's pages about webhooks;
Standard Webhooks, "Verifying signatures", which GitLab's signing tokens follow.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from turnpike.errors import InputError

# GitLab's own UUIDs are no names of deliveries: many share one.
_IDS = {
    "github": "x-github-delivery",
    "gitea": "x-gitea-delivery",
    "gitlab": "idempotency-key",
}
_SIGNED_ID = "webhook-id"
LARGEST_NUMBER = 2**31 - 1
"""No host counts further; a longer number would name no file of the queue."""
_SIGNING_TOKEN = "whsec_"  # noqa: S105 - how GitLab's signing tokens begin
_OLDEST_SECONDS = 300.0
# No comments among them: the bot's own would call it again, without end.
_KINDS = frozenset(
    ("pull_request", "pull_request_review", "pull_request_approved", "pull_request_rejected")
)
_ACTIONS = frozenset(
    (
        "opened", "reopened", "synchronize", "synchronized", "ready_for_review", "edited",
        "submitted", "reviewed", "dismissed",
    )
)  # fmt: skip
_REQUEST_KIND = "Merge Request Hook"
_REQUEST_OVER = frozenset(("close", "merge"))


class _Seen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Pull(_Seen):
    number: int = Field(ge=1, le=LARGEST_NUMBER)


class _Repository(_Seen):
    full_name: str


class _PullEvent(_Seen):
    action: str
    pull_request: _Pull
    repository: _Repository


class _Project(_Seen):
    path_with_namespace: str


class _Attributes(_Seen):
    iid: int = Field(ge=1, le=LARGEST_NUMBER)
    action: str = ""


class _RequestEvent(_Seen):
    object_attributes: _Attributes
    project: _Project


_PULL_EVENT: TypeAdapter[_PullEvent] = TypeAdapter(_PullEvent)
_REQUEST_EVENT: TypeAdapter[_RequestEvent] = TypeAdapter(_RequestEvent)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook as it came in; the names of headers are in lower case."""

    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def is_json(self) -> bool:
        """Tell whether it says that its body is JSON, or says nothing of it."""
        kind = self.headers.get("content-type", "application/json")
        return kind.partition(";")[0].strip().lower() == "application/json"


@dataclass(frozen=True, slots=True)
class Sender:
    """The host, the repository and the secret that both sides know."""

    host: str
    repository: str
    secret: str = field(repr=False)

    def signed(self, delivery: Delivery, now: float) -> bool:
        """Tell whether whoever sent it knows the secret; compared in constant time.

        ``now`` is in seconds since 1970: one that says when it was signed is good for five minutes.
        """
        said = delivery.headers
        if self.host == "gitlab":
            if self._signs_with_gitlab:
                return self._standard(delivery, now)
            return _same(said.get("x-gitlab-token", ""), self.secret)
        digest = hmac.new(_bytes(self.secret), delivery.body, "sha256").hexdigest()
        if self.host == "github":
            return _same(said.get("x-hub-signature-256", ""), f"sha256={digest}")
        return _same(said.get("x-gitea-signature", ""), digest)

    def names_of(self, delivery: Delivery) -> tuple[str, ...]:
        """Return by what a delivery is known again, as SHA-256; none where nothing tells.

        GitHub and Gitea sign the body alone: whoever overheard one could give it another id, so
        it is known by its body too, which says when the pull request was last changed.
        """
        name = _SIGNED_ID if self._signs_with_gitlab else _IDS.get(self.host, "")
        named = [delivery.headers[name].encode()] if delivery.headers.get(name) else []
        bodies = [] if self.host == "gitlab" else [b"body:" + delivery.body]
        return tuple(hashlib.sha256(one).hexdigest() for one in [*named, *bodies])

    @property
    def _signs_with_gitlab(self) -> bool:
        return self.host == "gitlab" and self.secret.startswith(_SIGNING_TOKEN)

    def _standard(self, delivery: Delivery, now: float) -> bool:
        """Tell whether a signing token signed the id, the time and the body, just now."""
        said = delivery.headers
        name, at = said.get(_SIGNED_ID, ""), said.get("webhook-timestamp", "")
        if not name or not at.isdecimal() or abs(now - float(at)) > _OLDEST_SECONDS:
            return False
        signed = b".".join((name.encode("latin-1", "replace"), at.encode(), delivery.body))
        digest = hmac.new(_signing_key(self.secret), signed, "sha256").digest()
        wanted = f"v1,{base64.b64encode(digest).decode()}"
        # While a token is being changed, several signatures stand there with blanks between them.
        return any(_same(one, wanted) for one in said.get("webhook-signature", "").split(" "))

    def number_in(self, delivery: Delivery) -> int | None:
        """Return the pull request of this repository that it is about; None for anything else."""
        try:
            value = json.loads(delivery.body)
            if self.host == "gitlab":
                return self._request(_REQUEST_EVENT.validate_python(value), delivery)
            return self._pull(_PULL_EVENT.validate_python(value), delivery)
        except (ValueError, ValidationError, RecursionError):
            return None

    def _request(self, event: _RequestEvent, delivery: Delivery) -> int | None:
        asked = event.object_attributes
        is_kind = delivery.headers.get("x-gitlab-event") == _REQUEST_KIND
        is_here = self._is_here(event.project.path_with_namespace)
        return asked.iid if is_kind and is_here and asked.action not in _REQUEST_OVER else None

    def _pull(self, event: _PullEvent, delivery: Delivery) -> int | None:
        is_kind = delivery.headers.get(f"x-{self.host}-event") in _KINDS
        is_here = self._is_here(event.repository.full_name)
        is_news = is_kind and is_here and event.action in _ACTIONS
        return event.pull_request.number if is_news else None

    def _is_here(self, repository: str) -> bool:
        return repository.casefold() == self.repository.casefold()


def headers_of(found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return headers by lower-case name; what is said twice is one text (RFC 9110, section 5.3)."""
    headers: dict[str, str] = {}
    for name, value in found:
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


def require_usable(host: str, secret: str) -> None:
    """Raise InputError for a GitLab signing token that is none: it would let nothing in."""
    if host != "gitlab" or not secret.startswith(_SIGNING_TOKEN):
        return
    try:
        _signing_key(secret)
    except binascii.Error as error:
        raise InputError(
            f"TURNPIKE_WEBHOOK_SECRET: expected GitLab's signing token, {_SIGNING_TOKEN} and"
            " base64, got other letters",
            code="webhooks.secret",
            solution="Copy it again from the webhook's settings, or use a secret token.",
        ) from error


def _signing_key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(_SIGNING_TOKEN), validate=True)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(_bytes(one), _bytes(other))


def _bytes(text: str) -> bytes:
    """Return a text's bytes, also where an environment held some that are no UTF-8."""
    return text.encode("utf-8", "surrogateescape")
