"""What signs statements, and, for the gate, commits."""

from __future__ import annotations

from typing import Protocol

from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import Statement
from turnpike.topology.key import Key


class Signer(Protocol):
    """Somebody who holds one key in one role."""

    @property
    def key(self) -> Key:
        """Return the public key with which the signatures can be checked."""
        ...

    def sign(self, statement: Statement) -> Envelope:
        """Return the statement in an envelope; raises InputError where the role may not say it."""
        ...


class CommitSigner(Signer, Protocol):
    """The gate: it signs the commits that it builds, too."""

    def sign_commit(self, signed: bytes) -> str:
        """Return the armoured SSH signature of a commit's bytes, in the namespace ``git``."""
        ...
