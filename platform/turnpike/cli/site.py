"""One target of one environment on this machine: what main releases there, and where it serves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from turnpike.cli.output import numbered, progress
from turnpike.errors import InputError

if TYPE_CHECKING:
    from turnpike.cli.wiring import House
    from turnpike.cluster.interface import Cluster
    from turnpike.delivery.serve import Served
    from turnpike.documents.identifiers import ObjectId
    from turnpike.topology.environment import Target


@dataclass(frozen=True, slots=True)
class Site:
    """One target of one environment, as the releases on main have it."""

    house: House
    environment: str
    target: str

    def __str__(self) -> str:
        return f"{self.environment}/{self.target}"

    @property
    def folder(self) -> str:
        """Return the folder of the releases that are served here."""
        return f"environments/{self.environment}/{self.target}"

    @property
    def state(self) -> Path:
        """Return where the server keeps its state."""
        return self.house.instance.folder / "serving" / f"{self.environment}-{self.target}"

    def declared(self) -> Target:
        """Return the target as main declares it.

        Raises InputError where it doesn't: a misspelt place would be served or watched for ever.
        """
        from turnpike.documents.reading import read
        from turnpike.topology.environment import ENVIRONMENT

        path = f"environments/{self.environment}/environment.yaml"
        content = self.house.host.read(self.house.main, path)
        environment = read(ENVIRONMENT, content, path) if content else None
        target = environment.target(self.target) if environment else None
        if target is None:
            raise InputError(
                f"{self}: expected an environment of main and one of its targets, found none",
                code="target.unknown",
                solution="Name them with --environment and --target; environments/ has them all.",
            )
        return target

    def said(self) -> ObjectId | None:
        """Return the tree of the releases, as main has it now; None where there are none."""
        return self.house.host.tree_id(self.house.main, self.folder)

    def files(self, said: ObjectId | None) -> dict[str, bytes]:
        """Return the files of a tree of releases by their paths on main."""
        if said is None:
            return {}
        entries = self.house.host.files(said, [])
        blobs = self.house.host.blobs(entry.object for entry in entries.values())
        return {f"{self.folder}/{path}": blobs[entry.object] for path, entry in entries.items()}

    def serve(self, said: ObjectId | None, cluster: Cluster) -> Served:
        """Verify and serve what a tree of releases says, and nothing else."""
        from turnpike.delivery.serve import plan_serving, serve
        from turnpike.registry.store import ArtifactStore

        plan = plan_serving(self.files(said), self.environment, self.target)
        progress(f"verifying and loading {numbered(len(plan.planned), 'model')}")
        store = ArtifactStore(self.house.instance.store())
        return serve(plan, store, self.state / "artifacts", cluster)
