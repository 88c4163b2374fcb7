"""Step 6: a derived file is valid exactly when it equals what would be derived now."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.documents.identifiers import digest_of
from turnpike.errors import TurnpikeError
from turnpike.judge.decision import ChangeClass, Finding
from turnpike.judge.deployments import deployment_after
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.subjects import (
    DERIVING_CLASSES,
    changed_deployments,
    changed_paths,
    release_after,
    stays,
)
from turnpike.rendering.derive import derived_files


def derivation(facts: Facts, change_class: ChangeClass) -> tuple[Finding, ...]:
    """Return each derived file of the change that differs from its derivation."""
    if change_class not in DERIVING_CLASSES:
        return ()
    keys, changed = changed_deployments(facts), changed_paths(facts)
    return tuple(finding for key in keys for finding in _of_deployment(facts, key, changed))


def _of_deployment(facts: Facts, key: DeploymentKey, changed: frozenset[str]) -> Iterator[Finding]:
    if release_after(facts, key.path("release.yaml")) is None:
        yield from _leftovers(facts, key)
        return
    deployment = deployment_after(facts, key)
    if deployment is None:
        wanted = "a release, its manifest and its target"
        yield _finding("derived.not-derivable", str(key), wanted, "one of them is missing")
        return
    try:
        derived = derived_files(deployment)
    except TurnpikeError as error:
        yield _finding("derived.not-derivable", str(key), "manifests", error.message)
        return
    for path, content in sorted(derived.items()):
        # None where it is deleted or was not read.
        found = (facts.head if path in changed else facts.base).contents.get(path)
        if found != digest_of(content):
            yield _finding("derived.differs", path, digest_of(content), found or "no such file")


def _leftovers(facts: Facts, key: DeploymentKey) -> Iterator[Finding]:
    """A retired deployment leaves nothing behind: Argo CD would go on serving its manifests."""
    for file in ("manifests.yaml", "settings.yaml"):
        path = key.path(file)
        still_there = path in facts.base.contents and stays(facts, path)
        if path in facts.head.contents or still_there:
            yield _finding("derived.left-over", path, "no file: the release is gone", "the file")


def _finding(code: str, subject: str, expected: str, actual: str) -> Finding:
    return Finding(
        code=code,
        subject=subject,
        expected=expected,
        actual=actual,
        message="A derived file is not what its sources derive to now.",
        solution="Leave these files to `turnpike release`, `promote`, `rollback` and `render`.",
    )
