"""The entries of the record that events are made of."""

from __future__ import annotations

from dataclasses import dataclass

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.evidence.predicates import Outcome
from turnpike.judge.decision import Decision
from turnpike.manifest.release import Release


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision, in the commit of the record that appended it."""

    commit: ObjectId
    digest: Digest
    decision: Decision


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """An outcome with its decision, and what the merge left of the decision's subjects.

    ``standing`` are the subjects (a deployment, or the path of a stop, a waiver or a settlement)
    that have a file in the merge tree; ``releases`` are those files that are releases.
    """

    commit: ObjectId
    digest: Digest
    outcome: Outcome
    decision: Decision
    standing: frozenset[str]
    releases: dict[str, Release]


Entry = Decided | CarriedOut
