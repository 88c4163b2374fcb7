"""One webhook: whether the host sent it, and which pull request it is about.

Sources: GitHub's "Validating webhook deliveries", Gitea's and GitLab's pages about webhooks.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

# GitLab's own UUIDs are no names of deliveries: many share one.
_IDS = ("x-github-delivery", "x-gitea-delivery", "idempotency-key")
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
_LONGEST_ID = 200


class _Seen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Pull(_Seen):
    number: int = Field(ge=1)


class _Repository(_Seen):
    full_name: str


class _PullEvent(_Seen):
    action: str
    pull_request: _Pull
    repository: _Repository


class _Project(_Seen):
    path_with_namespace: str


class _Attributes(_Seen):
    iid: int = Field(ge=1)
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
    def id(self) -> str:
        """Return what the host calls it; empty where it does not say."""
        found = next((self.headers[name] for name in _IDS if name in self.headers), "")
        return found[:_LONGEST_ID]


@dataclass(frozen=True, slots=True)
class Sender:
    """The host, the repository and the secret that both sides know."""

    host: str
    repository: str
    secret: str = field(repr=False)

    def signed(self, delivery: Delivery) -> bool:
        """Tell whether whoever sent it knows the secret; compared in constant time."""
        said, digest = delivery.headers, hmac.new(self.secret.encode(), delivery.body, "sha256")
        if self.host == "gitlab":
            return _same(said.get("x-gitlab-token", ""), self.secret)
        if self.host == "github":
            return _same(said.get("x-hub-signature-256", ""), f"sha256={digest.hexdigest()}")
        return _same(said.get("x-gitea-signature", ""), digest.hexdigest())

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


def fingerprint(delivery: Delivery) -> str:
    """Return by what a delivery is known again."""
    return hashlib.sha256(delivery.id.encode()).hexdigest()


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
