"""The child process that trains: ``python -m turnpike.registration.training FOLDER OUT ...``.

MLflow is imported once. Each model is then trained and saved in a fork of its own, so that one
team's code cannot reach another's, and leaves in OUT either ``artifact/`` or ``failure.json``.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import sys
from importlib.metadata import version
from pathlib import Path

from turnpike.documents.reading import read
from turnpike.errors import InputError, TurnpikeError
from turnpike.manifest.model import MODEL, PredictiveModel
from turnpike.registration.model_folder import save
from turnpike.registration.team_code import load_data, train
from turnpike.registry.mlflow import import_quietly

ARTIFACT = "artifact"
FAILURE = "failure.json"


def main(arguments: list[str]) -> int:
    """Train every FOLDER into the OUT that follows it; 1 where one of them failed."""
    _import_once()
    pairs = zip(arguments[::2], arguments[1::2], strict=True)
    return max((_in_fork(Path(folder), Path(out)) for folder, out in pairs), default=0)


def _import_once() -> None:
    """Import what every model needs, so that the forks find it there."""
    import_quietly()
    for name in ("mlflow.pyfunc", "mlflow.sklearn", "skops.io", "sklearn.datasets"):
        importlib.import_module(name)
    from mlflow.utils.requirements_utils import warn_dependency_requirement_mismatches

    # MLflow lists all installed packages when it first looks at a requirement, which takes 1.5 s.
    warn_dependency_requirement_mismatches([f"mlflow=={version('mlflow')}"])


def _in_fork(folder: Path, out: Path) -> int:
    sys.stdout.write(f"{folder}\n")
    sys.stdout.flush()
    fork = multiprocessing.get_context("fork").Process(target=_train, args=(folder, out))
    fork.start()
    fork.join()
    return 1 if fork.exitcode else 0


def _train(folder: Path, out: Path) -> None:
    # What the team prints is for people: standard output belongs to the parent process.
    sys.stdout = sys.stderr
    try:
        train_into(folder, out / ARTIFACT)
    except TurnpikeError as error:
        said = {"code": error.code, "message": error.message, "solution": error.solution}
        (out / FAILURE).write_text(json.dumps(said), encoding="utf-8")
        sys.exit(1)


def train_into(folder: Path, into: Path) -> None:
    """Train the model of one folder and save it in a new folder ``into``."""
    path = folder / "model.yaml"
    model = read(MODEL, path.read_bytes(), str(path))
    if not isinstance(model, PredictiveModel):
        raise InputError(f"{path}: expected kind predictive, found generative", code="data.none")
    features, labels = load_data(folder, model)
    trained = train(folder, model, features, labels)
    save(f"{model.team}.{model.name}", trained, model.signature, features, into)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
