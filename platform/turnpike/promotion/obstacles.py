"""What stands before a move whatever the time is: somebody must act first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from turnpike.documents.identifiers import ObjectId
from turnpike.judge.layout import ModelKey
from turnpike.promotion.ground import Fleet, Ground
from turnpike.promotion.move import Blocker
from turnpike.promotion.road import on_a_cycle
from turnpike.topology.environment import Environment


@dataclass(slots=True)
class Obstacles:
    """What stands before any move on one main."""

    ground: Ground
    fleet: Fleet
    _cycles: dict[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Follow the road once."""
        self._cycles = on_a_cycle(self.ground.environments)

    def nothing_new(self, environment: Environment) -> Blocker:
        """Say that an environment serves it already."""
        return Blocker(
            code="nothing-new",
            says=f"{environment.name} serves it already",
            until=None,
            solution="Nothing is to be done.",
        )

    def nothing_there(self, environment: Environment, model: ModelKey) -> Blocker:
        """Say that no stage before an environment serves a model."""
        if not environment.promotes_from:
            return Blocker(
                code="no-manifest",
                says=f"main has no {model.manifest_path}",
                until=None,
                solution="Merge the model's pull request first.",
            )
        return self.stages_missing(environment, environment.promotes_from)

    def stages_missing(self, environment: Environment, missing: Sequence[str]) -> Blocker:
        """Say which stages must serve it first."""
        joined = " and " if environment.fan_in == "all" else " or "
        return Blocker(
            code="stages-missing",
            says=f"not in {joined.join(missing)} yet",
            until=None,
            solution=f"Promote it to {joined.join(missing)} first.",
        )

    def not_admitted(self, model: ModelKey) -> Blocker:
        """Say that no decision let the manifest on main in."""
        return Blocker(
            code="not-admitted",
            says="no decision admitted the manifest on main",
            until=None,
            solution=f"`turnpike history {model}` shows what was decided about it.",
        )

    def of_road(self, environment: Environment) -> Iterator[Blocker]:
        """Yield what is wrong with the way to an environment."""
        way = self._cycles.get(environment.name)
        if way:
            field_name = f"environments/{environment.name}/environment.yaml: promotesFrom"
            yield Blocker(
                code="road-is-a-cycle",
                says=f"{field_name} goes in a circle, {' > '.join(way)}",
                until=None,
                solution="Have the platform owners take one step out of the circle.",
            )

    def of_model(self, model: ModelKey, manifest: ObjectId, *, new: bool) -> Iterator[Blocker]:
        """Yield what its manifests say, the one that would move and the one on main.

        ``new`` tells that it would come to a place that does not serve it yet.
        """
        brief = self.fleet.briefs.get(manifest)
        if brief is None:
            found = self.fleet.unreadable.get(manifest, "it is not there")
            yield Blocker("manifest-unreadable", f"manifest unreadable: {found}", None,
                          "Correct the file by a change of the model.")  # fmt: skip
            return
        if brief.artifact is None:
            yield Blocker("draft", "a draft: no artifact is registered", None,
                          f"`turnpike register {model.folder}`, then merge it.")  # fmt: skip
        yield from self._lifecycle(model, brief.lifecycle, new=new)

    def _lifecycle(self, model: ModelKey, own: str, *, new: bool) -> Iterator[Blocker]:
        blob = self.fleet.manifests.get(model)
        now = self.fleet.briefs.get(blob) if blob else None
        states = {own, now.lifecycle if now else own}
        solution = "Release another model, or have its team set `lifecycle` back."
        if "retired" in states:
            yield Blocker("model-retired", "the model is retired", None, solution)
        elif new and "deprecated" in states:
            says = "the model is deprecated: it goes to no new place"
            yield Blocker("model-deprecated", says, None, solution)
