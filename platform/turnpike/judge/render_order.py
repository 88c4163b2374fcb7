"""A change of class render goes environment by environment: each has it before the next one does.

What a new renderer (or a new default of an environment) writes is tried in a stage first: a model's
manifests are rendered anew only where every stage before has the model's manifests as they would be
rendered now, and one change renders one environment. A model that a stage does not serve waits for
nothing there.
"""

from __future__ import annotations

from collections.abc import Iterator

from turnpike.documents.identifiers import digest_of
from turnpike.errors import TurnpikeError
from turnpike.judge.decision import ChangeClass, Finding
from turnpike.judge.deployments import deployment_after
from turnpike.judge.facts import Facts
from turnpike.judge.layout import DeploymentKey, deployment_of
from turnpike.judge.subjects import changed_deployments
from turnpike.rendering.derive import derived_files

OUT_OF_ORDER = "render.out-of-order"


def render_order(facts: Facts, change_class: ChangeClass) -> tuple[Finding, ...]:
    """Return what a change of class render renders too early, or beside something else."""
    if change_class != "render":
        return ()
    keys = changed_deployments(facts)
    return (*_several(keys), *(one for key in keys for one in _too_early(facts, key)))


def _several(keys: tuple[DeploymentKey, ...]) -> Iterator[Finding]:
    environments = sorted({key.environment for key in keys})
    if len(environments) > 1:
        yield Finding(
            code="render.several-environments",
            subject="the change",
            expected="manifests of one environment",
            actual=", ".join(environments),
            message="One rendering of all environments at once would break all of them at once.",
            solution="Render one after the other: `turnpike render --in ENVIRONMENT`.",
        )


def _too_early(facts: Facts, key: DeploymentKey) -> Iterator[Finding]:
    environment = facts.base.environments.get(key.environment)
    stages = environment.promotes_from if environment else ()
    for path in sorted(facts.base.releases):
        place = deployment_of(path)
        if place is None or place.model_key != key.model_key or place.environment not in stages:
            continue
        if not _is_rendered(facts, place):
            yield Finding(
                code=OUT_OF_ORDER,
                subject=str(key),
                expected=f"{place.path('manifests.yaml')} on main as it is rendered now",
                actual="another rendering",
                message=f"{place.environment} does not have this rendering yet.",
                solution=f"`turnpike render --in {place.environment}` first.",
            )


def _is_rendered(facts: Facts, place: DeploymentKey) -> bool:
    """Tell whether what stands on main is what would be rendered now; unknown is no."""
    deployment = deployment_after(facts, place)
    path = place.path("manifests.yaml")
    if deployment is None:
        return False
    try:
        return facts.base.contents.get(path) == digest_of(derived_files(deployment)[path])
    except TurnpikeError:
        return False
