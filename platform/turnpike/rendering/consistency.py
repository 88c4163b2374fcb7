"""What must fit together before anything can be rendered; every misfit has its own line."""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.errors import Problem
from turnpike.manifest.model import GenerativeModel
from turnpike.rendering.deployment import Deployment

_HOST_LABEL_LIMIT = 63


def deployment_problems(deployment: Deployment) -> tuple[Problem, ...]:
    """Return why a deployment cannot be rendered; empty if it can."""
    return (
        *_identity(deployment),
        *_artifact(deployment),
        *_place(deployment),
        *_size(deployment),
    )


def _problem(deployment: Deployment, file: str, field: str, expected: str, actual: str) -> Problem:
    return Problem(f"{deployment.folder}/{file}", 0, field, expected, actual)


def _identity(deployment: Deployment) -> Iterator[Problem]:
    release, model = deployment.release, deployment.model
    if (release.team, release.model) != (model.team, model.name):
        actual = f"{release.team}/{release.model}"
        yield _problem(deployment, "release.yaml", "model", model.key, actual)
    # KServe publishes <model>-predictor-<namespace> as one label of a host name (RFC 1035, 2.3.4).
    host = f"{model.name}-predictor-{deployment.namespace}"
    if len(host) > _HOST_LABEL_LIMIT:
        expected = f"a host name of at most {_HOST_LABEL_LIMIT} characters"
        yield _problem(deployment, "release.yaml", "model", expected, f"{len(host)}: {host}")


def _artifact(deployment: Deployment) -> Iterator[Problem]:
    release, model = deployment.release, deployment.model
    named = model.artifact.digest if model.artifact else "a draft without an artifact"
    if named != release.artifact:
        expected = f"the manifest's artifact, {named}"
        yield _problem(deployment, "release.yaml", "artifact", expected, release.artifact)
    if isinstance(model, GenerativeModel) and model.route_digest() != release.artifact:
        expected = f"the digest of the manifest's route, {model.route_digest()}"
        yield _problem(deployment, "release.yaml", "artifact", expected, release.artifact)
    yield from _traffic(deployment)


def _traffic(deployment: Deployment) -> Iterator[Problem]:
    """A share that would silently be ignored: nothing to share with, or nothing that can split."""
    release = deployment.release
    if release.rest is None:
        if release.traffic not in {0, 100}:
            yield _problem(deployment, "release.yaml", "traffic", "0 or 100", str(release.traffic))
        return
    if release.traffic == 100:
        wanted = "no rest beside all of the traffic"
        yield _problem(deployment, "release.yaml", "rest", wanted, release.rest.artifact)
    if isinstance(deployment.model, GenerativeModel):
        wanted = "no rest: a route is open or shut"
        yield _problem(deployment, "release.yaml", "rest", wanted, release.rest.artifact)
    if deployment.target.deployment_mode != "Knative":
        # Standard mode serves one artifact at a time; KServe would ignore the share.
        target = deployment.target
        wanted = f"no rest: {target.name} is of deploymentMode {target.deployment_mode}"
        yield _problem(deployment, "release.yaml", "rest", wanted, release.rest.artifact)


def _place(deployment: Deployment) -> Iterator[Problem]:
    model, environment, target = deployment.model, deployment.environment, deployment.target
    if environment.target(target.name) != target:
        names = ", ".join(item.name for item in environment.targets)
        yield _problem(deployment, "release.yaml", "target", f"one of {names}", target.name)
    if isinstance(model, GenerativeModel):
        return
    if environment.runtime(model.serving.runtime) is None:
        known = ", ".join(item.family for item in environment.runtimes) or "none"
        expected = f"a runtime of {environment.name}: {known}"
        yield _problem(
            deployment, "release.yaml", "serving.runtime", expected, model.serving.runtime
        )
    for wanted in model.serving.accelerators:
        if target.accelerator_pool(wanted.kind) is None:
            known = ", ".join(pool.kind for pool in target.accelerators) or "none"
            expected = f"an accelerator of {target.name}: {known}"
            yield _problem(
                deployment, "release.yaml", "serving.accelerators", expected, wanted.kind
            )


def _size(deployment: Deployment) -> Iterator[Problem]:
    replicas = deployment.replicas
    if replicas.minimum > replicas.maximum:
        expected = f"at most the maximum, {replicas.maximum}"
        actual = str(replicas.minimum)
        yield _problem(deployment, "settings.yaml", "replicas.minimum", expected, actual)
