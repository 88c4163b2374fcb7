"""What is a return to an earlier release, and not a way forward; and what it took back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from turnpike.documents.identifiers import Digest
from turnpike.judge.facts import Facts
from turnpike.manifest.release import Release
from turnpike.topology.rollout import WHOLE

Admitted = tuple[str, str, str]
"""Which bytes, by which manifest, by which decision."""


@dataclass(slots=True)
class _Pile:
    """What lies at a place, the newest on top.

    Each way forward lays a release on top of the one before, and a way back takes off what lay
    above. ``whole`` had all of the traffic at some time; ``taken`` are the bytes that were taken
    off and did not come again, with the number of the release that came by that way back.
    """

    lies: list[Admitted] = field(default_factory=list)
    whole: set[Admitted] = field(default_factory=set)
    taken: dict[Digest, int] = field(default_factory=dict)

    def lay(self, number: int, one: Release) -> None:
        """Lay a release on top, or take off what lies above where it lies already."""
        what = _admitted(one)
        if one.traffic == WHOLE:
            self.whole.add(what)
        if what in self.lies and (one.traffic == WHOLE or self.lies[-1] == what):
            above = len(self.lies) - self.lies[::-1].index(what)
            self.taken |= {Digest(artifact): number for artifact, _, _ in self.lies[above:]}
            del self.lies[above:]
        else:
            self.lies.append(what)
        self.taken.pop(one.artifact, None)


def is_rollback(facts: Facts, path: str, release: Release) -> bool:
    """Tell whether a release goes back to what stood at a path before what stands there now."""
    stands = facts.base.releases.get(path)
    stood = (one.release for one in facts.earlier if one.path == path)
    return stands is not None and is_way_back(release, stands, stood)


def is_way_back(release: Release, stands: Release, stood: Iterable[Release]) -> bool:
    """Tell whether a place may go back to a release; ``stood`` is what it had, newest first.

    What was left by a rollback is no earlier release any more: to bring it again is a way forward,
    past no freeze and no stop. What only ever had a share of the traffic was never let in as a
    whole: to go on with it is no way back either.
    """
    if release.traffic != WHOLE or _admitted(release) == _admitted(stands):
        return False
    pile = _piled((*stood,))
    return _admitted(release) in pile.whole.intersection(pile.lies)


def taken_back(stood: Sequence[Release]) -> dict[Digest, int]:
    """Return the bytes that a place was rolled back from, and that did not come again since.

    ``stood`` is what it had, newest first; each number says which of them came by the rollback.
    """
    return _piled(stood).taken


def _piled(stood: Sequence[Release]) -> _Pile:
    pile = _Pile()
    for number in reversed(range(len(stood))):
        pile.lay(number, stood[number])
    return pile


def _admitted(release: Release) -> Admitted:
    """Return what a release lets in, whatever its share and wherever it came from."""
    return release.artifact, release.manifest, release.decision
