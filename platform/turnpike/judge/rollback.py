"""What is a return to an earlier release, and not a way forward."""

from __future__ import annotations

from turnpike.judge.facts import Facts
from turnpike.manifest.release import Release
from turnpike.topology.rollout import WHOLE


def is_rollback(facts: Facts, path: str, release: Release) -> bool:
    """Tell whether the same bytes with the same manifest had all of the traffic here before.

    What only ever had a share of it was never let in as a whole: to go on with it is no way back.
    """
    if release.traffic != WHOLE:
        return False
    wanted = (release.artifact, release.manifest, release.decision)
    current = facts.base.releases.get(path)
    if current and (current.artifact, current.manifest, current.decision) == wanted:
        return False
    return any(
        (one.release.artifact, one.release.manifest, one.release.decision) == wanted
        for one in facts.earlier
        if one.path == path and one.release.traffic == WHOLE
    )
