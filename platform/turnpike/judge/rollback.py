"""What is a return to an earlier release, and not a way forward."""

from __future__ import annotations

from collections.abc import Iterable

from turnpike.judge.facts import Facts
from turnpike.manifest.release import Release
from turnpike.topology.rollout import WHOLE

Admitted = tuple[str, str, str]
"""Which bytes, by which manifest, by which decision."""


def is_rollback(facts: Facts, path: str, release: Release) -> bool:
    """Tell whether a release goes back to what stood at a path before what stands there now."""
    stands = facts.base.releases.get(path)
    stood = (one.release for one in facts.earlier if one.path == path)
    return stands is not None and is_way_back(release, stands, stood)


def is_way_back(release: Release, stands: Release, stood: Iterable[Release]) -> bool:
    """Tell whether a place may go back to a release; ``stood`` is what it had, newest first.

    Each way forward lays a release on top of the one before, and a way back takes off what lay
    above. So what was left by a rollback is no earlier release any more: to bring it again is a way
    forward, past no freeze and no stop. What only ever had a share of the traffic was never let in
    as a whole: to go on with it is no way back either.
    """
    if release.traffic != WHOLE or _admitted(release) == _admitted(stands):
        return False
    pile, whole = list[Admitted](), set[Admitted]()
    for one in reversed((*stood,)):
        what = _admitted(one)
        if one.traffic == WHOLE:
            whole.add(what)
        if what in pile and (one.traffic == WHOLE or pile[-1] == what):
            del pile[len(pile) - pile[::-1].index(what) :]
        else:
            pile.append(what)
    return _admitted(release) in whole.intersection(pile)


def _admitted(release: Release) -> Admitted:
    """Return what a release lets in, whatever its share and wherever it came from."""
    return release.artifact, release.manifest, release.decision
