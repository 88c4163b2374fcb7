"""Versions of one model, the environments that it moves through, and what stands in them."""

from __future__ import annotations

from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.documents.reading import read
from turnpike.judge.layout import ModelKey
from turnpike.manifest.model import PredictiveModel
from turnpike.manifest.release import RELEASE, Release
from turnpike.promotion.plan import Admitted, ReleasePlan, Standing
from unit.judge.examples import environment, model, object_id

KEY = ModelKey("oncology", "triage")
ENVIRONMENTS = {
    "dev": environment("dev"),
    "staging": environment("staging", ("dev",)),
    "production": environment("production", ("staging",)),
    "reserve": environment("reserve", ("staging", "dev")),
}


def blob_of(version: int) -> ObjectId:
    return object_id(f"manifest {version}")


def version_of(number: int) -> PredictiveModel:
    """Return the model's manifest at one version."""
    example = model()
    assert example.artifact is not None
    changes = {"version": str(number), "digest": digest_of(b"bytes %d" % number)}
    return example.model_copy(update={"artifact": example.artifact.model_copy(update=changes)})


def admitted(number: int) -> Admitted:
    decision = digest_of(b"decision %d" % number)
    return Admitted(version_of(number), blob_of(number), decision)


MANIFESTS = {blob_of(number): version_of(number) for number in range(1, 5)}


def empty() -> Standing:
    return Standing(ENVIRONMENTS, {}, {})


def after(standing: Standing, plan: ReleasePlan) -> Standing:
    """Return what stands once a plan is merged."""
    releases = dict(standing.releases)
    for path, content in plan.files.items():
        if path.endswith("/release.yaml"):
            releases.pop(path, None)
            if content is not None:
                releases[path] = read(RELEASE, content, path)
    return Standing(standing.environments, releases, standing.settings)


def path_in(name: str) -> str:
    return f"environments/{name}/local/oncology/triage/release.yaml"


def released_in(standing: Standing, name: str) -> Release | None:
    return standing.releases.get(path_in(name))
