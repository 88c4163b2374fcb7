"""What an environment serves, rendered anew: which manifests differ, and which may follow now.

Pure. A model rides where every stage before has it as it would be rendered now; the judge's own
rule (``judge/render_order.py``) says the same of the change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import TurnpikeError
from turnpike.judge.layout import DeploymentKey, ModelKey, deployment_of
from turnpike.manifest.model import GenerativeModel, PredictiveModel
from turnpike.promotion.move import Blocker, Move
from turnpike.promotion.plan import ReleasePlan, Standing
from turnpike.rendering.derive import derived_files

AnyModel = PredictiveModel | GenerativeModel


@dataclass(frozen=True, slots=True)
class Fleet:
    """What stands on a main: releases with their manifests, and what is rendered, by path."""

    standing: Standing
    manifests: Mapping[ObjectId, AnyModel]
    rendered: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Rendering:
    """An environment rendered anew: how much it serves, and the files that would be otherwise.

    ``broken`` says why a deployment can't be rendered at all.
    """

    environment: str
    released: int
    files: Mapping[DeploymentKey, bytes] = field(default_factory=dict)
    broken: Mapping[DeploymentKey, str] = field(default_factory=dict)

    @property
    def stale(self) -> frozenset[ModelKey]:
        """Return the models of which something stands there that is not as rendered now."""
        return frozenset(key.model_key for key in (*self.files, *self.broken))


def rendering_of(name: str, fleet: Fleet) -> Rendering:
    """Render everything that an environment serves, and return what differs from what stands."""
    files: dict[DeploymentKey, bytes] = {}
    broken: dict[DeploymentKey, str] = {}
    places = list(_places(name, fleet.standing))
    for key in places:
        try:
            content = _rendered(key, fleet)
        except TurnpikeError as error:
            broken[key] = error.message
            continue
        if content is not None and fleet.rendered.get(key.path("manifests.yaml")) != content:
            files[key] = content
    return Rendering(name, len(places), files, broken)


def moves_of(rendering: Rendering, stages: Iterable[Rendering]) -> tuple[Move, ...]:
    """Return each model that would be rendered anew, with what it waits for."""
    before = tuple(stages)
    targets: dict[ModelKey, list[str]] = defaultdict(list)
    for key in (*rendering.files, *rendering.broken):
        targets[key.model_key].append(key.target)
    return tuple(
        Move(
            model=model,
            origin=rendering.environment,
            environment=rendering.environment,
            targets=tuple(names),
            version="",
            artifact=None,
            blockers=tuple(_waits(model, rendering, before)),
            approvals=(),
            earliest=None,
        )
        for model, names in sorted(targets.items())
    )


def plan_rendering(rendering: Rendering, models: Iterable[ModelKey]) -> ReleasePlan:
    """Return the change that renders some models of an environment anew."""
    wanted = frozenset(models)
    files: dict[str, bytes | None] = {
        key.path("manifests.yaml"): content
        for key, content in rendering.files.items()
        if key.model_key in wanted
    }
    name = rendering.environment
    return ReleasePlan(f"Render {name} anew", files, f"render/{name}")


def _places(name: str, standing: Standing) -> Iterator[DeploymentKey]:
    for path in sorted(standing.releases):
        key = deployment_of(path)
        if key is not None and key.environment == name:
            yield key


def _rendered(key: DeploymentKey, fleet: Fleet) -> bytes | None:
    """Return a deployment's manifests as they are rendered now; None where it has no target."""
    deployment = fleet.standing.deployment(key, fleet.manifests)
    return derived_files(deployment)[key.path("manifests.yaml")] if deployment else None


def _waits(
    model: ModelKey, rendering: Rendering, stages: tuple[Rendering, ...]
) -> Iterator[Blocker]:
    for key, why in rendering.broken.items():
        if key.model_key == model:
            yield Blocker("render-broken", f"{key.target}: {why}", None, "Correct what it names.")
    for stage in stages:
        if model in stage.stale:
            yield Blocker(
                code="render-waits",
                says=f"{stage.environment} does not have this rendering yet",
                until=None,
                solution=f"`turnpike render --in {stage.environment}`, and merge it.",
            )
