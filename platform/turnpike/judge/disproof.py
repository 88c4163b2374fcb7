"""When a later finding speaks against what let a version in, and what takes that back.

A platform run or a scan that failed counts against its artifact once it is on the record. Whatever
is there is read by every later judgement and can't be left out, so that what denies is never
what somebody could withhold; what is only offered beside a change can still be. It is taken back by
a clean one of the same validator that is later, so that no other key makes a version good again
which one has found bad; where that key's time is over, by a later clean one of any that counts. The
word of a revoked key is not heard at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from turnpike.documents.identifiers import Digest
from turnpike.evidence.predicates import ScanResult, ValidationResult
from turnpike.judge.live import IsBound
from turnpike.judge.testimony import Testimony


@dataclass(frozen=True, slots=True)
class _Found:
    """A finding of a kind, and who made it; ``lapsed`` tells that the key's time is over."""

    witness: Testimony
    said: ValidationResult | ScanResult
    lapsed: bool

    @property
    def kind(self) -> str:
        """Return what one finding must have in common with another to take it back."""
        return self.witness.statement.predicate_type

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing failed."""
        return all(check.passed for check in self.said.checks)


def disproofs(
    is_bound: IsBound,
    about: Iterable[Testimony],
    lapsed: Iterable[Testimony],
    recorded: Set[Digest],
) -> frozenset[Digest]:
    """Return the statements that speak against a version, by the digests of their envelopes.

    ``is_bound`` tells which results are about it, see ``bound_to``. ``about`` is what counts of all
    that is said of its artifact, ``lapsed`` what is of keys whose time is over; ``recorded`` are
    the digests of those that the record has.
    """
    found = [
        *(
            _Found(one, said, lapsed=False)
            for one in about
            if (said := _of_platform(one, is_bound))
        ),
        *(
            _Found(one, said, lapsed=True)
            for one in lapsed
            if (said := _of_platform(one, is_bound))
        ),
    ]
    clean = [one for one in found if one.is_clean]
    return frozenset(
        one.witness.envelope
        for one in found
        if not one.is_clean
        and one.witness.envelope in recorded
        and not any(_takes_back(later, one) for later in clean)
    )


def _of_platform(witness: Testimony, is_bound: IsBound) -> ValidationResult | ScanResult | None:
    """Return a finding that the platform itself made of this very version; a team's can't be one.

    A team's checks are not part of what evidence is bound to: one that fails may be a bad check.
    """
    said = witness.predicate
    if not isinstance(said, ValidationResult | ScanResult) or not is_bound(said):
        return None
    if isinstance(said, ValidationResult) and not (said.run == "platform" and said.isolated):
        return None
    return said


def _takes_back(later: _Found, failed: _Found) -> bool:
    same = later.witness.key.id == failed.witness.key.id
    heard = same or (failed.lapsed and not later.lapsed)
    return later.kind == failed.kind and heard and later.said.finished_at > failed.said.finished_at
