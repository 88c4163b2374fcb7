"""The rest of a release group: where it stands in the stage before, and where a release goes.

Models of one team that declare the same group were tried together in the stage before, so they
stand together in the next one: the bytes of each are those that the stage serves, or that main's
manifest names where a first environment is entered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from turnpike.documents.identifiers import Digest
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey, ModelKey, deployment_of, model_of
from turnpike.judge.policy_input import Companion
from turnpike.judge.subjects import release_after
from turnpike.manifest.release import Release


def companions_of(facts: Facts, key: DeploymentKey, release: Release) -> tuple[Companion, ...]:
    """Return the other models of a release's group, by name; none where it declares no group."""
    model = facts.head.model_blobs.get(release.manifest)
    group = model.release_group if model else None
    if group is None:
        return ()
    there: dict[ModelKey, set[Digest]] = defaultdict(set)
    for member, artifact in _members(facts, key, release, group):
        if member != key.model_key:
            there[member].add(artifact)
    return tuple(
        Companion(
            model=str(member),
            group=group,
            there=tuple(sorted(artifacts)),
            here=_after(facts, replace(key, model=member.model)),
        )
        for member, artifacts in sorted(there.items())
    )


def _after(facts: Facts, place: DeploymentKey) -> Digest | None:
    """Return the bytes that stand at a place after the merge."""
    found = release_after(facts, place.path("release.yaml"))
    return found.artifact if found else None


def _members(
    facts: Facts, key: DeploymentKey, release: Release, group: str
) -> Iterator[tuple[ModelKey, Digest]]:
    """Yield each member of the group with its bytes, where the release comes from."""
    if release.promoted_from is None:
        for path, model in facts.base.models.items():
            found = model_of(path)
            if found and found.team == key.team and model.release_group == group and model.artifact:
                yield found, model.artifact.digest
        return
    for path, other in facts.base.releases.items():
        place, manifest = deployment_of(path), facts.head.model_blobs.get(other.manifest)
        if place is None or manifest is None or manifest.release_group != group:
            continue
        if (place.environment, place.team) == (release.promoted_from, key.team):
            yield place.model_key, other.artifact
