"""What a change is about: the models, the deployments, or the change as a whole."""

from __future__ import annotations

from turnpike.judge.decision import ChangeClass
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey, ModelKey, classes_of, deployment_of, model_of
from turnpike.manifest.release import Release

FIXED_CLASSES: frozenset[ChangeClass] = frozenset(("policy", "organisation", "platform"))
"""Judged by fixed rules only, so that a bad policy cannot lock out its own repair."""

DERIVING_CLASSES: frozenset[ChangeClass] = frozenset(("release", "settings", "render"))
"""What they change decides what is deployed, so derived files must follow."""


def can_be_asked_about(facts: Facts) -> bool:
    """Tell whether a merge changes anything: of a conflict, or of nothing, nothing can be asked.

    The hygiene of the change has refused either.
    """
    return facts.merge.merge_tree is not None and bool(facts.changes)


def changed_paths(facts: Facts) -> frozenset[str]:
    """Return every path that the change adds, edits or deletes."""
    return frozenset(change.path for change in facts.changes)


def stays(facts: Facts, path: str) -> bool:
    """Tell whether the change does not delete a path."""
    return all(change.path != path or change.new is not None for change in facts.changes)


def retired_deployments(facts: Facts) -> tuple[DeploymentKey, ...]:
    """Return the deployments whose release the change deletes, in the order of its paths."""
    places = ((change, deployment_of(change.path)) for change in facts.changes)
    return tuple(
        key
        for change, key in places
        if key and change.new is None and change.path == key.path("release.yaml")
    )


def release_after(facts: Facts, path: str) -> Release | None:
    """Return the release that stands at a path after the merge."""
    if path in facts.head.releases:
        return facts.head.releases[path]
    standing = facts.base.releases.get(path)
    return standing if standing is not None and stays(facts, path) else None


def class_of_change(facts: Facts) -> ChangeClass:
    """Return the one class of the change; ``none`` where it has no class or more than one."""
    classes = classes_of(changed_paths(facts))
    return classes[0] if len(classes) == 1 else "none"


def changed_models(facts: Facts) -> tuple[ModelKey, ...]:
    """Return the models with a changed file."""
    return tuple(sorted({key for path in changed_paths(facts) if (key := model_of(path))}))


def changed_deployments(facts: Facts) -> tuple[DeploymentKey, ...]:
    """Return the deployments with a changed file."""
    return tuple(sorted({key for path in changed_paths(facts) if (key := deployment_of(path))}))


def subjects_of(facts: Facts) -> tuple[str, ...]:
    """Return what the change is about, in words that the record keeps."""
    names = [str(key) for key in changed_models(facts)]
    names += [str(key) for key in changed_deployments(facts)]
    return tuple(names) or tuple(sorted(changed_paths(facts))[:20])
