"""An event of a pull request on the embedded host: who said what of which commit, signed.

A blob at ``refs/pull/<number>/events/<sha256 of the blob>`` holds the canonical JSON of a
SignedEvent; the signature is an armoured SSHSIG over the canonical JSON of the same event without
it. The event names the instance's genesis and its pull request, so that it proves nothing anywhere
else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from turnpike.documents.canonical import canonical, canonical_document, to_json
from turnpike.documents.document import Part
from turnpike.documents.identifiers import ObjectIdText

NAMESPACE = "turnpike-event@turnpike.dev"
LONGEST_TITLE = 200
"""Letters of a pull request's title, and of a report's description."""
LONGEST_BODY = 20_000
EventKind = Literal["opened", "pushed", "reviewed", "commented", "reported", "closed"]
EventState = Literal[
    "", "approved", "changes-requested", "dismissed", "pending", "success", "failure", "error",
    "merged", "abandoned",
]  # fmt: skip

STATES: dict[EventKind, frozenset[str]] = {
    "opened": frozenset(("",)),
    "pushed": frozenset(("",)),
    "reviewed": frozenset(("approved", "changes-requested", "dismissed")),
    "commented": frozenset(("",)),
    "reported": frozenset(("pending", "success", "failure", "error")),
    "closed": frozenset(("merged", "abandoned")),
}
"""What each kind of event may say."""


class Event(Part):
    """What an account said at a moment; ``commit`` is the one that it speaks of."""

    kind: EventKind
    genesis: ObjectIdText
    pull_request: int = Field(ge=1)
    commit: ObjectIdText
    account: str = Field(min_length=1, max_length=100)
    at: datetime
    state: EventState = ""
    title: str = Field(default="", max_length=LONGEST_TITLE)
    body: str = Field(default="", max_length=LONGEST_BODY)

    @model_validator(mode="after")
    def _state_belongs_to_kind(self) -> Self:
        if self.state not in STATES[self.kind]:
            allowed = " or ".join(sorted(STATES[self.kind]))
            raise ValueError(f"{self.kind} with one of the states {allowed!r}")
        if self.at.tzinfo is None:
            raise ValueError("a moment with its time zone")
        return self

    def signed_bytes(self) -> bytes:
        """Return the bytes over which the account's person signs."""
        return canonical_document(self)


class SignedEvent(Part):
    """An event and the armoured SSHSIG of whoever says it."""

    event: Event
    signature: str = Field(min_length=1, max_length=4096)


SIGNED_EVENT: TypeAdapter[SignedEvent] = TypeAdapter(SignedEvent)


def encode(event: Event, signature: str) -> bytes:
    """Return the bytes of the blob that holds a signed event."""
    return canonical(to_json(SignedEvent(event=event, signature=signature)))


def decode(content: bytes) -> SignedEvent | None:
    """Return the signed event in a blob; None where it is none, or not in its one spelling."""
    try:
        signed = SIGNED_EVENT.validate_json(content)
    except ValidationError:
        return None
    return signed if canonical_document(signed) == content else None
