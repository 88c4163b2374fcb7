"""Observations at a host: what a push of new ones moves, and how those that stand are read.

They are about artifacts and belong to no pull request. Each lies in a ref of its own, which names
the artifact and the statement. So that there are few, a statement that says all that an older one
said takes its place in the same push: a stretch of hours is one ref, however often it is told.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.errors import CannotDecide, InputError
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.observed import envelope_in, observed_in, replaces
from turnpike.forge.atomic_push import Move
from turnpike.forge.refs import (
    LARGEST_OBSERVATION,
    MOST_OBSERVATIONS,
    OBSERVATIONS,
    observation_ref,
    parse_ref,
)
from turnpike.git.repository import Repository

Refs = Mapping[str, ObjectId]


def refs_about(refs: Refs, artifacts: Iterable[Digest]) -> dict[str, ObjectId]:
    """Return those of a host's refs that hold observations of any of the artifacts, in order.

    Raises CannotDecide where there are more than may be: nobody is to drown what was seen.
    """
    wanted = {artifact.removeprefix("sha256:") for artifact in artifacts}
    names = {ref: parse_ref(ref) for ref in sorted(refs)}
    found = [ref for ref, name in names.items() if name.artifact in wanted]
    for artifact, count in Counter(names[ref].artifact for ref in found).items():
        if count > MOST_OBSERVATIONS:
            raise CannotDecide(
                f"artifact sha256:{artifact}: expected at most {MOST_OBSERVATIONS} observations, "
                f"found {count}",
                code="forge.too-many-observations",
                solution=f"Delete refs below {OBSERVATIONS}{artifact}/ at the host.",
            )
    return {ref: refs[ref] for ref in found}


def read_observations(repository: Repository, refs: Refs) -> dict[str, Envelope]:
    """Return the statements that lie in refs, by ref; what is none of a sane size is left out."""
    sizes = repository.sizes(refs.values())
    small = {ref: o for ref, o in refs.items() if sizes.get(o, 0) <= LARGEST_OBSERVATION}
    blobs = repository.blobs(small.values())
    found = ((ref, envelope_in(blobs[blob])) for ref, blob in small.items())
    return {ref: envelope for ref, envelope in found if envelope is not None}


def in_order(envelopes: Iterable[Envelope]) -> tuple[Envelope, ...]:
    """Return each statement once, by digest."""
    found = {envelope.digest(): envelope for envelope in envelopes}
    return tuple(found[digest] for digest in sorted(found))


def artifacts_of(envelopes: Iterable[Envelope]) -> tuple[Digest, ...]:
    """Return what observations are about; raises InputError where one is none."""
    return tuple(_artifact_of(envelope) for envelope in envelopes)


def moves_for(
    envelopes: Iterable[Envelope],
    refs: Refs,
    standing: Mapping[str, Envelope],
    write: Callable[[bytes], ObjectId],
) -> tuple[Move, ...]:
    """Return the moves that publish statements beside those that stand, and remove the replaced.

    ``write`` stores a blob. What stands already, or is replaced already, is not published again.
    """
    offered = {_ref_of(envelope): envelope for envelope in envelopes}
    known = (*standing.values(), *offered.values())
    fresh = {
        ref: envelope
        for ref, envelope in offered.items()
        if ref not in refs and not any(replaces(other, envelope) for other in known)
    }
    return (*_added(fresh, write), *_removed(fresh.values(), refs, standing))


def _added(fresh: Mapping[str, Envelope], write: Callable[[bytes], ObjectId]) -> Iterator[Move]:
    for ref, envelope in fresh.items():
        yield Move(ref, write(canonical_document(envelope)), None)


def _removed(
    fresh: Iterable[Envelope], refs: Refs, standing: Mapping[str, Envelope]
) -> Iterator[Move]:
    newer = tuple(fresh)
    for ref, envelope in standing.items():
        if any(replaces(one, envelope) for one in newer):
            yield Move(ref, None, refs[ref])


def _ref_of(envelope: Envelope) -> str:
    digest = hashlib.sha256(canonical_document(envelope)).hexdigest()
    return observation_ref(_artifact_of(envelope).removeprefix("sha256:"), digest)


def _artifact_of(envelope: Envelope) -> Digest:
    seen = observed_in(envelope)
    if seen is None:
        raise InputError(
            f"{envelope.digest()}: expected an observation of one artifact, found something else",
            code="forge.no-observation",
            solution="Publish what `turnpike observe` states; attach the rest to a pull request.",
        )
    return seen.artifact
