"""The clusters on which the contract of a cluster is tried; each brings models of its own kind.

Every model takes the columns ``a`` and ``b`` and answers with their sum and a constant.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from turnpike.cluster.interface import Deployment, Probe
from turnpike.cluster.local import LocalServer
from turnpike.cluster.local_probe import LocalProbe
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.registry.artifact_digest import artifact_digest
from unit.cluster import small_server

COLUMNS = ("a", "b")


@dataclass(frozen=True, slots=True)
class World:
    """A cluster, and how to make what it serves."""

    cluster: LocalServer
    probe: Probe
    models: Path
    write: Callable[[Path, float], Digest]

    def deployment(self, model: str, added: float) -> Deployment:
        """Return a deployment of a new model that adds a constant."""
        folder = self.models / f"{model}-{added}"
        artifact = self.write(folder, added)
        return Deployment("oncology", model, "production", "local", artifact, "1", folder)


def small_world(folder: Path) -> World:
    """The stand-in, whose models are files of our own."""
    (folder / "interpreter").mkdir()
    python = small_server.install(folder / "interpreter")
    return _world(folder, python, _small_model)


def mlserver_world(folder: Path) -> World:
    """The real MLServer, whose models are scikit-learn's, saved by MLflow as skops."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    cache = Path(os.environ.get("TURNPIKE_CACHE") or Path(base, "turnpike"))
    found = sorted(cache.glob("environments/serving-*/.complete"))
    if not found:
        pytest.fail(f"expected a serving environment in {cache}: python3.11 tools/setup serving")
    python = found[-1].parent / "bin" / "python"
    return _world(folder, python, _mlflow_model)


def _world(folder: Path, python: Path, write: Callable[[Path, float], Digest]) -> World:
    state = folder / "state"
    probe = LocalProbe(state, lambda: datetime.now(UTC))
    return World(LocalServer(python, state), probe, folder / "models", write)


def _small_model(folder: Path, added: float) -> Digest:
    small_server.write_model(folder, COLUMNS, added)
    return digest_of(f"{folder.name}".encode())


def _mlflow_model(folder: Path, added: float) -> Digest:
    import pandas as pd
    from sklearn.linear_model import LinearRegression

    rows = pd.DataFrame([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [2.0, 3.0]], columns=list(COLUMNS))
    model = LinearRegression().fit(rows, rows["a"] + rows["b"] + added)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MLflow warns of its own code
        _save(model, folder)
    return artifact_digest(folder)


def _save(model: object, folder: Path) -> None:
    import mlflow.sklearn
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    inputs = Schema([ColSpec("double", name) for name in COLUMNS])
    mlflow.sklearn.save_model(
        model,
        str(folder),
        signature=ModelSignature(inputs, Schema([ColSpec("double", "sum")])),
        serialization_format="skops",
        pip_requirements=["mlflow", "scikit-learn", "skops"],
    )
