"""Step 6, third part: on every target of its environment a release means the same.

Compared is the release as it would be rendered now, without anybody's settings, on those targets
that can have it. A return to an earlier release is never held up: it takes risk away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from turnpike.judge.decision import ChangeClass, Finding
from turnpike.judge.deployments import deployment_after
from turnpike.judge.facts import Facts
from turnpike.judge.layout import CLOUDS_PATH
from turnpike.judge.rollback import is_rollback
from turnpike.judge.subjects import DERIVING_CLASSES, changed_deployments
from turnpike.rendering.consistency import deployment_problems
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.equivalence import Difference, undeclared_differences
from turnpike.rendering.paths import declared


def inequivalent(facts: Facts, change_class: ChangeClass) -> tuple[Finding, ...]:
    """Return each undeclared difference between targets; none where main declares no clouds."""
    clouds = facts.base.clouds
    if clouds is None or change_class not in DERIVING_CLASSES:
        return ()
    everything = declared(clouds.differences())
    return tuple(
        _finding(subject, difference)
        for subject, one in _each_once(facts)
        for difference in undeclared_differences(_everywhere(one), everything)
    )


def _each_once(facts: Facts) -> Iterator[tuple[str, Deployment]]:
    """Yield each release that the change deploys, once for all targets of an environment."""
    seen = set()
    for key in changed_deployments(facts):
        deployment = deployment_after(facts, key)
        if deployment is None or is_rollback(facts, key.path("release.yaml"), deployment.release):
            continue
        release = deployment.release
        same = (key.environment, key.model_key, release.artifact, release.manifest, release.traffic)
        if same not in seen:
            seen.add(same)
            yield str(key), replace(deployment, settings=None)


def _everywhere(one: Deployment) -> tuple[Deployment, ...]:
    """Return the deployment on each target of its environment that can have it."""
    found = (replace(one, target=target) for target in one.environment.targets)
    return tuple(deployment for deployment in found if not deployment_problems(deployment))


def _finding(subject: str, difference: Difference) -> Finding:
    told = "; ".join(f"{target}: {value}" for target, value in difference.values.items())
    return Finding(
        code="manifests.not-equivalent",
        subject=subject,
        expected=f"the same {difference.path} on every target, or a declared difference",
        actual=told,
        message="The release would mean something else on one target than on another.",
        solution=(
            f"Make the targets in environment.yaml agree, or declare in {CLOUDS_PATH} why they"
            " differ; `turnpike equivalence` shows all differences."
        ),
    )
