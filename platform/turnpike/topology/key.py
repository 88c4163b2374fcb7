"""A public key and its one role: ``policies/keys/<name>.yaml``."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, TypeAdapter, model_validator

from turnpike.documents.document import Document
from turnpike.documents.identifiers import DigestText, Name, digest_of
from turnpike.documents.moment import Moment

Role = Literal["registrar", "validator", "observer", "planner", "gate"]

_SIZE = 32


def _of_ed25519(public: str) -> str:
    try:
        raw = base64.b64decode(public, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _SIZE:
        raise ValueError(f"{_SIZE} bytes in base64")
    return public


class Key(Document):
    """An Ed25519 public key (base64 of its 32 raw bytes) that may sign in one role.

    ``id`` is the digest of the raw bytes. Valid from ``valid_from`` (inclusive) to ``valid_until``
    (exclusive), and before ``revoked_at`` where it is set.
    """

    kind: Literal["Key"]
    name: Name
    id: DigestText
    role: Role
    public: Annotated[str, AfterValidator(_of_ed25519)]
    valid_from: Moment
    valid_until: Moment
    revoked_at: Moment | None = None

    @model_validator(mode="after")
    def _has_its_own_id(self) -> Key:
        own = digest_of(base64.b64decode(self.public))
        if self.id != own:
            raise ValueError(f"id: {own}, the digest of what is in public")
        return self

    def is_valid_at(self, moment: datetime) -> bool:
        """Tell whether a signature made at that moment counts."""
        ends = min(self.valid_until, self.revoked_at or self.valid_until)
        return self.valid_from <= moment < ends


KEY: TypeAdapter[Key] = TypeAdapter(Key)
