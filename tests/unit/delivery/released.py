"""The files of a commit that releases models, rendered by the real renderer."""

from __future__ import annotations

from turnpike.documents.identifiers import Digest, ObjectId, digest_of
from turnpike.documents.reading import read
from turnpike.manifest.model import (
    MODEL,
    Artifact,
    GenerativeModel,
    PredictiveModel,
    RouteArtifact,
)
from turnpike.manifest.release import Release, Rest
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.release import release_bytes
from turnpike.rendering.render import render
from turnpike.scaffold.scaffold import Kind, Request, scaffold
from turnpike.topology.environment import ENVIRONMENT
from unit.scaffold.company import small_company

ENVIRONMENT_TEXT = b"""
apiVersion: turnpike.dev/v1
kind: Environment
name: production
promotesFrom: [staging]
promotion: pull-request
soakSeconds: 0
classifications: [public]
defaults: { replicas: { minimum: 1, maximum: 1 } }
runtimes:
  - family: mlserver
    servingRuntime: kserve-mlserver
    modelFormat: mlflow
    modelFormatVersion: "2"
    server: { repository: mlserver, tag: v1 }
    download: { repository: storage-initializer, tag: v1 }
    verify: { repository: delivery, tag: v1 }
targets:
  - name: local
    deploymentMode: Knative
    cloud: local
    region: local
    cluster: production-local
    residency: EU
    storage: pvc://artifacts
    images: registry.local
  - name: other
    cloud: aws
    region: eu-central-1
    cluster: production-other
    residency: EU
    storage: s3://artifacts
    images: registry.example
"""


def released(
    name: str,
    artifact: Digest,
    *,
    target: str = "local",
    traffic: int = 100,
    rest: Digest | None = None,
) -> dict[str, bytes]:
    """Return release and manifests of a predictive model of the team oncology."""
    model = _draft(name, "predictive")
    assert isinstance(model, PredictiveModel)
    block = Artifact(
        registry_model=f"oncology.{name}", version="3", digest=artifact, format="skops"
    )
    whole = model.model_copy(update={"artifact": block})
    return _files(whole, artifact, target, traffic, rest)


def released_route(name: str) -> dict[str, bytes]:
    """Return release and manifests of a generative model of the team oncology."""
    model = _draft(name, "generative")
    assert isinstance(model, GenerativeModel)
    digest = model.route_digest()
    block = RouteArtifact(
        registry_model=f"oncology.{name}", version="3", digest=digest, format="route"
    )
    return _files(model.model_copy(update={"artifact": block}), digest, "local", 100)


def _draft(name: str, kind: Kind) -> PredictiveModel | GenerativeModel:
    files = scaffold(Request("oncology", name, kind), small_company())
    return read(MODEL, files[f"models/oncology/{name}/model.yaml"].encode(), "model.yaml")


def _files(
    model: PredictiveModel | GenerativeModel,
    artifact: Digest,
    target_name: str,
    traffic: int,
    rest: Digest | None = None,
) -> dict[str, bytes]:
    environment = read(ENVIRONMENT, ENVIRONMENT_TEXT, "environment.yaml")
    target = environment.target(target_name)
    assert target is not None
    release = Release(
        api_version="turnpike.dev/v1",
        kind="Release",
        team=model.team,
        model=model.name,
        version="3",
        artifact=artifact,
        manifest=ObjectId("1" * 40),
        decision=digest_of(b"the decision"),
        promoted_from="staging",
        traffic=traffic,
        rest=_beside(rest) if rest else None,
    )
    deployment = Deployment(model, release, environment, target)
    return {
        f"{deployment.folder}/release.yaml": release_bytes(release),
        f"{deployment.folder}/manifests.yaml": render(deployment),
    }


def _beside(artifact: Digest) -> Rest:
    decision = digest_of(b"an earlier decision")
    return Rest(version="2", artifact=artifact, manifest=ObjectId("2" * 40), decision=decision)
