"""One company's deployments, as the renderer takes them: what these tests start from and vary."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import JsonValue

from turnpike.documents.identifiers import digest_of
from turnpike.documents.reading import read
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel
from turnpike.manifest.release import RELEASE, Release
from turnpike.rendering.conformance import SCHEMAS_DIGEST, Schemas, schemas_from
from turnpike.rendering.deployment import Deployment
from turnpike.topology.environment import ENVIRONMENT, Environment

ROOT = Path(__file__).resolve().parents[3]
ARTIFACT = digest_of(b"the trained bytes")


@pytest.fixture(scope="session")
def environments() -> dict[str, Environment]:
    """The product's own environments."""
    files = sorted((ROOT / "environments").glob("*/environment.yaml"))
    found = [read(ENVIRONMENT, file.read_bytes(), str(file)) for file in files]
    return {environment.name: environment for environment in found}


@pytest.fixture(scope="session")
def schemas() -> Schemas:
    """The real schemas, which the set-up puts into the cache; without them nothing is shown."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    cache = Path(os.environ.get("TURNPIKE_CACHE") or Path(base, "turnpike"))
    file = cache / "schemas" / f"{SCHEMAS_DIGEST.removeprefix('sha256:')}.json"
    if not file.exists():
        pytest.fail(f"expected {file}: run `python tools/crds/extract_schemas.py {cache}`")
    return schemas_from(file.read_bytes())


@pytest.fixture(scope="session")
def predictive() -> Callable[..., PredictiveModel]:
    """Makes a predictive manifest that promises and watches everything that one can."""

    def make(**changes: JsonValue) -> PredictiveModel:
        found = MODEL.validate_python(_predictive() | changes, strict=False)
        assert isinstance(found, PredictiveModel)
        return found

    return make


@pytest.fixture(scope="session")
def generative() -> GenerativeModel:
    """A generative manifest whose artifact is the digest of its route."""
    found = MODEL.validate_python(_generative(), strict=False)
    assert isinstance(found, GenerativeModel)
    artifact = _artifact(found.route_digest(), "route")
    released = MODEL.validate_python(_generative() | {"artifact": artifact}, strict=False)
    assert isinstance(released, GenerativeModel)
    return released


@pytest.fixture(scope="session")
def release_of() -> Callable[..., Release]:
    """Makes the release of a manifest's own artifact."""

    def make(model: PredictiveModel | GenerativeModel, **changes: JsonValue) -> Release:
        artifact = model.artifact.digest if model.artifact else ARTIFACT
        value: dict[str, JsonValue] = {
            "apiVersion": "turnpike.dev/v1",
            "kind": "Release",
            "team": model.team,
            "model": model.name,
            "version": "3",
            "artifact": artifact,
            "manifest": "1" * 40,
            "decision": digest_of(b"the decision"),
            "promotedFrom": "staging",
            "traffic": 100,
        }
        return RELEASE.validate_python(value | changes)

    return make


REST: dict[str, JsonValue] = {
    "version": "2",
    "artifact": digest_of(b"what served before"),
    "manifest": "2" * 40,
    "decision": digest_of(b"an earlier decision"),
}


@pytest.fixture(scope="session")
def beside(deployed: Callable[..., Deployment]) -> Callable[..., Deployment]:
    """Makes a deployment with a share of the traffic, in a target that can split it."""

    def make(
        model: PredictiveModel | GenerativeModel, traffic: int, mode: str = "Knative"
    ) -> Deployment:
        plain = deployed(model, traffic=traffic, rest=REST)
        target = plain.target.model_copy(update={"deployment_mode": mode})
        environment = plain.environment.model_copy(update={"targets": (target,)})
        return Deployment(model, plain.release, environment, target)

    return make


@pytest.fixture(scope="session")
def deployed(
    environments: dict[str, Environment], release_of: Callable[..., Release]
) -> Callable[..., Deployment]:
    """Makes the deployment of a manifest in one of the product's targets."""

    def make(
        model: PredictiveModel | GenerativeModel,
        target: str = "aws-eu",
        environment: str = "production",
        **release: JsonValue,
    ) -> Deployment:
        where = environments[environment]
        found = where.target(target)
        assert found is not None
        return Deployment(model, release_of(model, **release), where, found)

    return make


def _artifact(digest: str, form: str) -> dict[str, JsonValue]:
    return {"registryModel": "oncology.model", "version": "3", "digest": digest, "format": form}


def _common() -> dict[str, JsonValue]:
    return {
        "apiVersion": "turnpike.dev/v1",
        "team": "oncology",
        "description": "What it tells.",
        "intendedUse": "A second reading.",
        "outOfScopeUse": "A first reading.",
        "riskTier": "high",
        "contacts": [{"person": "maria-lopez", "role": "data scientist"}],
        "onCall": {"rotation": "oncology-models", "channel": "#oncology-models"},
    }


def _data_set() -> dict[str, JsonValue]:
    return {
        "source": "sklearn:breast_cancer",
        "licence": "CC-BY-4.0",
        "classification": "public",
        "residency": ["EU"],
    }


def _predictive() -> dict[str, JsonValue]:
    return _common() | {
        "kind": "predictive",
        "name": "tumour-malignancy",
        "artifact": _artifact(ARTIFACT, "skops"),
        "serving": {
            "runtime": "mlserver",
            "resources": {"cpuMillicores": 500, "memoryMebibytes": 1024},
        },
        "slo": {"availabilityPercent": 99.5, "latencyP95Milliseconds": 200.0},
        "monitoring": {
            "drift": [{"feature": "mean radius", "statistic": "psi", "threshold": 0.2}],
            "decay": {"metric": "roc_auc", "threshold": 0.9, "labelDelayDays": 30},
        },
        "signature": {
            "inputs": [{"name": "mean radius", "type": "double"}],
            "outputs": [{"name": "benign", "type": "long"}],
        },
        "data": {
            "label": "target",
            "training": _data_set(),
            "validation": _data_set(),
            "validationFraction": 0.3,
            "splitSeed": 7,
        },
        "validation": {
            "task": "binary-classification",
            "thresholds": {"roc_auc": 0.9},
            "margin": {"roc_auc": 0.01},
            "seed": 7,
            "budget": {"latencyMilliseconds": 50.0, "memoryMebibytes": 512.0},
        },
    }


def _generative() -> dict[str, JsonValue]:
    return _common() | {
        "kind": "generative",
        "name": "discharge-summary",
        "serving": {
            "runtime": "gateway",
            "resources": {"cpuMillicores": 100, "memoryMebibytes": 128},
        },
        "route": {
            "provider": "anthropic",
            "model": "claude-sonnet-4-5",
            "revision": "20250929",
            "temperature": 0.0,
            "maxTokens": 1200,
            "systemPrompt": "Draft a summary: {{ yes }}\non",
            "tokensPerMinute": 40000,
        },
    }
