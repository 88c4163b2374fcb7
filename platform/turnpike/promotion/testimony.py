"""What the record says that bears on moves: observations of artifacts, admissions of manifests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.predicates import Observation
from turnpike.evidence.statement import OBSERVATION, SCAN, VALIDATION
from turnpike.judge.layout import ModelKey
from turnpike.judge.testimony import Testimony, weigh
from turnpike.promotion.brief import Brief
from turnpike.promotion.soundness import Sounds, add_sounds
from turnpike.record.layout import decision_of
from turnpike.record.record import Record
from turnpike.topology.key import Key

_FEW = 100
"""So many are looked up one by one sooner than the whole index is listed."""
_PART = 2000
"""Statements that are held at once."""
_OBSERVATION = f'"predicateType":"{OBSERVATION}"'.encode()
_FINDINGS = tuple(f'"predicateType":"{kind}"'.encode() for kind in (SCAN, VALIDATION))


Said = dict[Digest, tuple[Observation, ...]]


@dataclass(frozen=True, slots=True)
class Heard:
    """What was read about artifacts: what observers saw, and what their findings look like."""

    said: Said = field(default_factory=dict)
    sounds: Sounds = field(default_factory=dict)

    def about(self, artifacts: Collection[Digest]) -> Heard:
        """Return what is known of those among some artifacts that were read."""
        said = {one: self.said[one] for one in artifacts if one in self.said}
        return Heard(said, {one: self.sounds[one] for one in said if one in self.sounds})

    def __or__(self, other: Heard) -> Heard:
        """Return both; of the same artifact, the other's."""
        return Heard(self.said | other.said, self.sounds | other.sounds)


def heard_about(
    record: Record, artifacts: Collection[Digest], keys: Iterable[Key], now: datetime
) -> Heard:
    """Return the observations of artifacts that count now, by the judge's own weighing."""
    known = tuple(keys)
    found = Heard(dict.fromkeys(artifacts, ()))
    for offered in _statements_about(record, artifacts):
        _add(found.said, weigh(filter(_may_observe, offered), known, now).testimony)
        add_sounds(found.sounds, offered, known, now)
    return found


def findings_about(record: Record, artifacts: Collection[Digest]) -> Iterator[Envelope]:
    """Yield the scans and validations of artifacts that the record has, not weighed yet."""
    for offered in _statements_about(record, artifacts):
        yield from filter(_may_find, offered)


def heard_in(
    offered: Iterable[Envelope], artifacts: Iterable[Digest], keys: Iterable[Key], now: datetime
) -> Said:
    """Return what counts of observations that are not on the record yet."""
    found: Said = dict.fromkeys(artifacts, ())
    _add(found, weigh(offered, keys, now).testimony)
    return found


def together(one: Said, other: Said) -> Said:
    """Return both; time that was seen twice is counted once by whoever counts."""
    return {a: (*one.get(a, ()), *other.get(a, ())) for a in one.keys() | other.keys()}


def heard_since(
    record: Record, earlier: ObjectId, before: Heard, keys: Iterable[Key], now: datetime
) -> Heard:
    """Return what was heard at an earlier commit of the record, and all that came since."""
    commit = record.commit()
    if commit is None or commit == earlier:
        return before
    changes = record.repository.changes(earlier, commit)
    paths = (change.path.decode("utf-8", "replace") for change in changes)
    found, known = Heard(dict(before.said), dict(before.sounds)), tuple(keys)
    offered = record.by_digest("statements", _named(paths, before.said)).values()
    _add(found.said, weigh(filter(_may_observe, offered), known, now).testimony)
    add_sounds(found.sounds, offered, known, now)
    return found


def _add(found: Said, testimony: Iterable[Testimony]) -> None:
    for one in testimony:
        if isinstance(one.predicate, Observation):
            for artifact in _subjects(one) & found.keys():
                found[artifact] = (*found[artifact], one.predicate)


def _named(paths: Iterable[str], artifacts: Collection[Digest]) -> set[Digest]:
    """Return the statements that paths of the index name, of these artifacts."""
    wanted = {artifact.removeprefix("sha256:") for artifact in artifacts}
    return {
        Digest(f"sha256:{name}")
        for path in paths
        if path.startswith("index/artifacts/")
        for _, _, _, artifact, name in [path.split("/")]
        if artifact in wanted
    }


def _subjects(one: Testimony) -> set[Digest]:
    named = (subject.digest.get("sha256") for subject in one.statement.subject)
    return {Digest(f"sha256:{digest}") for digest in named if digest}


def admitted_among(
    record: Record, manifests: Mapping[ModelKey, ObjectId], briefs: Mapping[ObjectId, Brief]
) -> frozenset[ModelKey]:
    """Return the models whose manifest, as it stands, some decision let in with its bytes."""
    decided = _decisions_about(record, manifests)
    return frozenset(
        model
        for model, blob in manifests.items()
        if (brief := briefs.get(blob)) and brief.artifact
        if _is_admitted(decided.get(str(model), ()), brief.artifact, blob)
    )


def _is_admitted(envelopes: Iterable[Envelope], artifact: Digest, blob: ObjectId) -> bool:
    return any(decision_of(envelope).admits(artifact, blob) for envelope in envelopes)


def _may_observe(envelope: Envelope) -> bool:
    """Tell whether a statement could be an observation; most others are told by their bytes.

    What counts is canonical JSON, in which a predicate type stands in one way only.
    """
    return _says(envelope, (_OBSERVATION,))


def _may_find(envelope: Envelope) -> bool:
    return _says(envelope, _FINDINGS)


def _says(envelope: Envelope, kinds: tuple[bytes, ...]) -> bool:
    try:
        body = envelope.body()
    except ValueError:  # no base64: nothing that could count
        return False
    return any(kind in body for kind in kinds)


def _statements_about(
    record: Record, artifacts: Collection[Digest]
) -> Iterator[tuple[Envelope, ...]]:
    """Yield all statements about artifacts, some at a time."""
    if len(artifacts) <= _FEW:
        yield record.statements_about(artifacts)
        return
    ordered = sorted(_named(record.index(), artifacts))
    for first in range(0, len(ordered), _PART):
        part = ordered[first : first + _PART]
        yield tuple(record.by_digest("statements", part).values())


def _decisions_about(
    record: Record, models: Collection[ModelKey]
) -> dict[str, tuple[Envelope, ...]]:
    if len(models) <= _FEW:
        return {str(one): record.decisions_about(str(one)) for one in models}
    named: dict[str, list[Digest]] = defaultdict(list)
    for path in record.index():
        match path.split("/"):
            case ["index", "models", team, model, name]:
                named[f"{team}/{model}"].append(Digest(f"sha256:{name}"))
    wanted = (str(one) for one in models)
    return {one: tuple(record.by_digest("decisions", named[one]).values()) for one in wanted}
