"""A quick look at the findings about many artifacts: which of them need a closer one.

Ten thousand versions are not weighed for every plan. What is on the record the gate has weighed; so
of findings that are all clean, young, and of keys that count, none can stand before a move,
whatever manifest each is bound to. Every other version is looked at by the judge's own functions
(``promotion/evidence.py``). Canonical JSON writes a field in one way only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from pydantic import AwareDatetime

from turnpike.documents.document import Part
from turnpike.documents.identifiers import Digest, ObjectId
from turnpike.evidence.envelope import Envelope
from turnpike.evidence.statement import SCAN, VALIDATION
from turnpike.topology.environment import Environment
from turnpike.topology.key import Key

AHEAD = timedelta(days=90)
"""Evidence that ends within this time is looked at closely: some moves wait for as long."""

_KIND = re.compile(rb'"predicateType":"(%s|%s)"' % (SCAN.encode(), VALIDATION.encode()))
_FINISHED = re.compile(rb'"finishedAt":"([^"]+)"')
_ABOUT = re.compile(rb'"subject":\[\{"digest":\{"sha256":"([0-9a-f]{64})"\}')
_FAILED = b'"passed":false'
_PLATFORM = b'"run":"platform"'


class Sound(Part):
    """What all findings about an artifact have in common.

    ``oldest`` is when the first of them was made, ``until`` the first end of a key's time; it is in
    the past where a key does not count. ``scanned`` and ``ran`` tell which kinds there are.
    """

    oldest: AwareDatetime
    until: AwareDatetime
    clean: bool
    scanned: bool
    ran: bool

    def __or__(self, other: Sound) -> Sound:
        """Return what both have in common."""
        return Sound(
            oldest=min(self.oldest, other.oldest),
            until=min(self.until, other.until),
            clean=self.clean and other.clean,
            scanned=self.scanned or other.scanned,
            ran=self.ran or other.ran,
        )

    def ends(self, days: int | None) -> datetime:
        """Return a moment before which none of them ends."""
        if days is None:
            return self.until
        return min(self.until, self.oldest + timedelta(days=days))


Sounds = dict[Digest, Sound]


def add_sounds(
    found: Sounds, offered: Iterable[Envelope], keys: Iterable[Key], now: datetime
) -> None:
    """Add what the findings among some statements of the record say; all else is left out."""
    known = {key.id: key for key in keys}
    for envelope in offered:
        for artifact, sound in _of(envelope, known, now):
            found[artifact] = found[artifact] | sound if artifact in found else sound


def _of(
    envelope: Envelope, keys: Mapping[Digest, Key], now: datetime
) -> Iterator[tuple[Digest, Sound]]:
    try:
        body = envelope.body()
    except ValueError:  # no base64: nothing that could count
        return
    kind = _KIND.search(body)
    at = _FINISHED.search(body) if kind else None
    if kind is None or at is None:
        return
    key, is_scan = keys.get(envelope.key_id()), kind[1].decode() == SCAN
    counts = key is not None and key.is_valid_at(now)
    sound = Sound(
        oldest=datetime.fromisoformat(at[1].decode()),
        until=key.valid_until if key and counts else datetime.min.replace(tzinfo=UTC),
        clean=_FAILED not in body,
        scanned=is_scan,
        ran=not is_scan and _PLATFORM in body,
    )
    for hexes in _ABOUT.findall(body):
        yield Digest(f"sha256:{hexes.decode()}"), sound


def doubtful(
    versions: Iterable[tuple[Digest, ObjectId]],
    sounds: Mapping[Digest, Sound],
    environments: Iterable[Environment],
    now: datetime,
) -> frozenset[tuple[Digest, ObjectId]]:
    """Return the versions that need a closer look, each an artifact with its manifest's blob."""
    days = [d for one in environments for d in one.evidence_days.values()]
    least = min(days, default=None)
    return frozenset(
        (artifact, blob)
        for artifact, blob in versions
        if not _is_sound(sounds.get(artifact), least, now)
    )


def _is_sound(sound: Sound | None, days: int | None, now: datetime) -> bool:
    if sound is None or not (sound.clean and sound.scanned and sound.ran):
        return False
    return sound.ends(days) > now + AHEAD
