"""A public key and its one role: ``policies/keys/<name>.yaml``."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, TypeAdapter

from turnpike.documents.document import Document
from turnpike.documents.identifiers import DigestText, Name

Role = Literal["registrar", "validator", "observer", "planner", "gate"]


class Key(Document):
    """An Ed25519 public key (base64 of its 32 raw bytes) that may sign in one role.

    ``id`` is the digest of the raw bytes. Valid from ``valid_from`` (inclusive) to ``valid_until``
    (exclusive), and before ``revoked_at`` where it is set.
    """

    kind: Literal["Key"]
    name: Name
    id: DigestText
    role: Role
    public: str
    valid_from: AwareDatetime
    valid_until: AwareDatetime
    revoked_at: AwareDatetime | None = None

    def is_valid_at(self, moment: datetime) -> bool:
        """Tell whether a signature made at that moment counts."""
        ends = min(self.valid_until, self.revoked_at or self.valid_until)
        return self.valid_from <= moment < ends


KEY: TypeAdapter[Key] = TypeAdapter(Key)
