"""A small monorepo in a real repository: environments, one model and its releases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import ObjectId
from turnpike.git.objects import EMPTY_TREE, Identity
from turnpike.git.repository import Repository
from turnpike.manifest.model import PredictiveModel
from turnpike.promotion.plan import Admitted, plan_promotion, plan_release, plan_retirement
from turnpike.promotion.standing import manifests_of, standing_of
from unit.judge.examples import NOW
from unit.promotion.world import ENVIRONMENTS, KEY, admitted, version_of

ANN = Identity("Ann", "ann@example.org")


@dataclass
class Monorepo:
    """A main that grows by one commit an hour; nothing is judged here."""

    repository: Repository
    commits: list[ObjectId] = field(default_factory=list)

    @classmethod
    def created(cls, folder: Path) -> Monorepo:
        """Begin with the environments and the model's first version."""
        made = cls(Repository.create(folder / "host.git"))
        places = {
            f"environments/{name}/environment.yaml": canonical_document(one)
            for name, one in ENVIRONMENTS.items()
        }
        made.commit({**places, KEY.manifest_path: manifest_text(1)})
        return made

    @property
    def main(self) -> ObjectId:
        return self.commits[-1]

    def commit(self, files: dict[str, bytes | None]) -> ObjectId:
        parent = self.commits[-1:]
        tree = self.repository.write_tree_with(parent[0] if parent else EMPTY_TREE, files)
        when = NOW + timedelta(hours=len(self.commits))
        commit = self.repository.write_commit(tree, tuple(parent), ANN, ANN, "Change\n", when)
        self.commits.append(commit)
        return commit

    def admission(self, version: int) -> Admitted:
        """Commit one version of the manifest, and return it as if a gate had admitted it."""
        self.commit({KEY.manifest_path: manifest_text(version)})
        blob = self.repository.blob_id(self.main, KEY.manifest_path)
        assert blob is not None
        return Admitted(version_of(version), blob, admitted(version).decision)

    def release(self, version: int) -> ObjectId:
        admission = self.admission(version)
        standing = standing_of(self.repository, self.main, [KEY])
        return self.commit(dict(plan_release(KEY, admission, standing, "dev").files))

    def promote(self, name: str) -> ObjectId:
        standing = standing_of(self.repository, self.main, [KEY])
        manifests = manifests_of(self.repository, standing.releases.values())
        return self.commit(dict(plan_promotion(KEY, manifests, standing, name).files))

    def retire(self, name: str) -> ObjectId:
        standing = standing_of(self.repository, self.main, [KEY])
        return self.commit(dict(plan_retirement(KEY, standing, name).files))


def manifest_text(version: int) -> bytes:
    manifest: PredictiveModel = version_of(version)
    return canonical_document(manifest)
