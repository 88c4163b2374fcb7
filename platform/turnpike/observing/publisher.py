"""Statements of the observer, signed in its role and published at the Git host."""

from __future__ import annotations

from collections.abc import Iterable

from turnpike.errors import RepositoryChanged, Unavailable
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.observed import replaces
from turnpike.evidence.statement import Statement
from turnpike.forge.interface import Forge
from turnpike.signing.interface import Signer


class Publisher:
    """Signs and publishes; what a host could not take waits, and goes with what comes next."""

    def __init__(self, signer: Signer, forge: Forge) -> None:
        """Publish at a host what one observer signs."""
        self._signer = signer
        self._forge = forge
        self._waiting: tuple[Envelope, ...] = ()

    def publish(self, statements: Iterable[Statement]) -> str:
        """Publish statements; tell why they wait, empty where none does.

        Raises CannotDecide where the host refuses them.
        """
        fresh = tuple(self._signer.sign(statement) for statement in statements)
        kept = (e for e in self._waiting if not any(replaces(newer, e) for newer in fresh))
        self._waiting = (*kept, *fresh)
        if not self._waiting:
            return ""
        try:
            self._forge.observe(*self._waiting)
        except (RepositoryChanged, Unavailable) as error:
            return error.message
        self._waiting = ()
        return ""
