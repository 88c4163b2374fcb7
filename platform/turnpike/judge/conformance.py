"""Step 6, second half: what is deployed is what Kubernetes and its extensions accept.

The schemas are large and stand in a cache, so an edge holds the objects against them, and what it
found is a fact; the judge says which objects those are and what the findings mean.
"""

from __future__ import annotations

from collections.abc import Mapping

from turnpike.errors import TurnpikeError
from turnpike.judge.decision import ChangeClass, Finding
from turnpike.judge.deployments import deployment_after
from turnpike.judge.facts import Facts
from turnpike.judge.subjects import (
    DERIVING_CLASSES,
    changed_deployments,
    class_of_change,
)
from turnpike.rendering.derive import MANIFESTS_FILE
from turnpike.rendering.kubernetes_object import KubernetesObject
from turnpike.rendering.render import objects_of


def objects_to_check(facts: Facts) -> Mapping[str, tuple[KubernetesObject, ...]]:
    """Return the objects of each changed deployment, by its manifests file, as they must be.

    Those that the file must hold, not those that it holds: a file that differs, or was left as it
    was, is refused by its derivation, and its bytes, which anybody may have written, are never
    parsed. So what is said of a change holds as well once the file is written anew.
    """
    found: dict[str, tuple[KubernetesObject, ...]] = {}
    if class_of_change(facts) not in DERIVING_CLASSES:
        return found
    for key in changed_deployments(facts):
        deployment = deployment_after(facts, key)
        if deployment is None:
            continue
        try:
            found[key.path(MANIFESTS_FILE)] = objects_of(deployment)
        except TurnpikeError:  # its parts do not fit; the derivation says which
            continue
    return found


def unchecked(facts: Facts, change_class: ChangeClass) -> tuple[Finding, ...]:
    """Return a doubt for each changed manifests file that nothing could be held against."""
    if facts.tools.schemas is not None or change_class not in DERIVING_CLASSES:
        return ()
    added = {change.path for change in facts.changes if change.new is not None}
    paths = {key.path(MANIFESTS_FILE) for key in changed_deployments(facts)}
    return tuple(
        Finding(
            code="manifests.not-checked",
            subject=path,
            expected="the schemas of Kubernetes, KServe and the Prometheus operator",
            actual="none on this machine",
            message="Nobody can say whether a cluster would accept these manifests.",
            solution="Run `./turnpike set-up schemas`, then decide again.",
        )
        for path in sorted(paths & added)
    )


def nonconforming(facts: Facts) -> tuple[Finding, ...]:
    """Return what a cluster would refuse, or drop, of the changed manifests."""
    return tuple(
        Finding(
            code="manifests.refused",
            subject=one.path,
            expected="objects that Kubernetes and its extensions accept, field by field",
            actual=one.problem,
            message="A cluster would refuse these manifests, or drop a part of them.",
            solution="Change what the field is rendered from: settings, environment or model.yaml.",
        )
        for one in facts.manifest_problems
    )
