"""Statements of the observer, signed in its role and published at the Git host."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from turnpike.errors import RepositoryChanged, Unavailable
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.observed import observed_in, replaces
from turnpike.evidence.predicates import Observation
from turnpike.forge.interface import Forge
from turnpike.observing.fold import folded
from turnpike.observing.observer import Told
from turnpike.observing.statement import observation_of, observation_statement
from turnpike.signing.interface import Signer


class Publisher:
    """Signs and publishes; what a host could not take waits, and goes with what comes next."""

    def __init__(self, signer: Signer, forge: Forge) -> None:
        """Publish at a host what one observer signs."""
        self._signer = signer
        self._forge = forge
        self._waiting: tuple[Envelope, ...] = ()

    def publish(self, told: Iterable[Told]) -> str:
        """Publish what was seen; tell why it waits, empty where it does not.

        Of what nobody could look at nothing is said. Raises CannotDecide where the host refuses it.
        """
        seen = tuple(one for one in told if not one.interval.unread)
        fresh = tuple(self._signed(one, observation_of(one.watched, one.stretch)) for one in seen)
        kept = (e for e in self._waiting if not any(replaces(newer, e) for newer in fresh))
        self._waiting = (*kept, *fresh)
        if not self._waiting:
            return ""
        try:
            self._forge.observe(*self._folds(seen))
            self._forge.observe(*self._waiting)
        except (RepositoryChanged, Unavailable) as error:
            return error.message
        self._waiting = ()
        return ""

    def _folds(self, seen: tuple[Told, ...]) -> Iterator[Envelope]:
        for one in seen:
            if fold := folded(self._published(one)):
                yield self._signed(one, fold)

    def _published(self, told: Told) -> Iterator[Observation]:
        """Yield what stands of this observer about a release where it is watched."""
        place = (told.watched.environment, told.watched.target)
        for envelope in self._forge.observations([told.watched.release.artifact]):
            found = observed_in(envelope)
            if found is None or found.key_id != self._signer.key.id:
                continue
            if (found.observation.environment, found.observation.target) == place:
                yield found.observation

    def _signed(self, told: Told, said: Observation) -> Envelope:
        release = told.watched.release
        return self._signer.sign(observation_statement(told.watched.model, release.artifact, said))
