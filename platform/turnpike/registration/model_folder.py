"""Saves a trained model as an MLflow model folder: skops or ONNX, with signature and example."""

from __future__ import annotations

import warnings
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, cast

from turnpike.errors import InputError
from turnpike.manifest.signature import Column, ColumnType, Signature
from turnpike.registration.reproducible import EPOCH, normalise_onnx, normalise_skops
from turnpike.registry.trusted_types import TRUSTED_TYPES

if TYPE_CHECKING:
    import pandas as pd
    from mlflow.models import Model, ModelSignature
    from onnx import ModelProto

_EXAMPLE_ROWS = 2
_KINDS: dict[str, ColumnType] = {
    "b": "boolean", "i": "long", "u": "long", "f": "double", "O": "string", "U": "string",
    "T": "string",
}  # fmt: skip


def save(name: str, trained: object, signature: Signature, features: pd.DataFrame,
         into: Path) -> None:  # fmt: skip
    """Save what a team's ``train()`` returned as an MLflow model in a new folder ``into``.

    ``name`` is ``<team>.<model>``. Raises InputError where it is neither a scikit-learn estimator
    nor an ONNX ModelProto, cannot be saved without pickle, or breaks the manifest's signature.
    """
    from mlflow.models import Model

    model = Model(
        utc_time_created=EPOCH,
        model_uuid=None,
        signature=_signature(signature),
    )
    example = features.head(_EXAMPLE_ROWS)
    with warnings.catch_warnings():
        # MLflow's hint on integer columns is meant for signatures that are inferred; ours is not.
        warnings.filterwarnings("ignore", message="Hint: Inferred schema contains integer")
        _write(name, trained, model, example, into)
    _settle_size(into)
    _require_answers(into, signature, example)


def _write(name: str, trained: object, model: Model, example: pd.DataFrame, into: Path) -> None:
    if type(trained).__module__.startswith("onnx."):
        _save_onnx(name, cast("ModelProto", trained), model, example, into)
    elif callable(getattr(trained, "predict", None)):
        _save_skops(name, trained, model, example, into)
    else:
        raise InputError(
            "train.py: expected train() to return a scikit-learn estimator or an ONNX ModelProto, "
            f"found {type(trained).__name__}",
            code="training.result",
            solution="Return the fitted estimator, or what skl2onnx's convert_sklearn() returns.",
        )


def _save_skops(
    name: str, trained: object, model: Model, example: pd.DataFrame, into: Path
) -> None:
    import mlflow.sklearn

    mlflow.sklearn.save_model(
        trained,
        str(into),
        mlflow_model=model,
        signature=model.signature,
        input_example=example,
        serialization_format="skops",
        skops_trusted_types=_trusted_types(name, trained),
        pip_requirements=_pinned("mlflow", "numpy", "pandas", "scikit-learn", "skops"),
    )
    normalise_skops(into / "model.skops")


def _trusted_types(name: str, trained: object) -> list[str] | None:
    """Return the types on our list that a model needs; raises InputError where it needs others."""
    import skops.io

    wanted = set(skops.io.get_untrusted_types(data=skops.io.dumps(trained)))
    if unknown := sorted(wanted - TRUSTED_TYPES):
        raise InputError(
            f"train.py: expected {name} to consist of types that can be loaded safely, "
            f"found {', '.join(unknown)}",
            code="training.untrusted-type",
            solution="Use estimators of scikit-learn, or convert the model with skl2onnx; a class "
            "or function of your own cannot be served.",
        )
    return sorted(wanted) or None


def _save_onnx(
    name: str, trained: ModelProto, model: Model, example: pd.DataFrame, into: Path
) -> None:
    import mlflow.onnx

    normalise_onnx(trained, name)
    _require_sound(trained)
    mlflow.onnx.save_model(
        trained,
        str(into),
        mlflow_model=model,
        input_example=example,
        onnx_execution_providers=["CPUExecutionProvider"],
        save_as_external_data=False,
        pip_requirements=_pinned("mlflow", "numpy", "onnx", "onnxruntime", "pandas"),
    )


def _require_sound(trained: ModelProto) -> None:
    import onnx

    try:
        onnx.checker.check_model(trained)
    except onnx.checker.ValidationError as error:
        raise InputError(
            f"train.py: expected a graph that onnx.checker takes, found: {error}",
            code="training.onnx",
            solution="Return the graph as convert_sklearn() made it, with typed outputs.",
        ) from error


def _pinned(*packages: str) -> list[str]:
    return [f"{package}=={version(package)}" for package in packages]


def _settle_size(folder: Path) -> None:
    """Write the size of the settled bytes, without ``MLmodel`` itself, which states it."""
    from mlflow.models import Model

    path = folder / "MLmodel"
    model = Model.load(str(path))
    model.model_size_bytes = sum(
        file.stat().st_size for file in folder.iterdir() if file.name != path.name
    )
    model.save(str(path))


def _signature(signature: Signature) -> ModelSignature:
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    def schema(columns: tuple[Column, ...]) -> Schema:
        return Schema([ColSpec(c.type, c.name, required=c.required) for c in columns])

    return ModelSignature(schema(signature.inputs), schema(signature.outputs))


def _require_answers(folder: Path, signature: Signature, example: pd.DataFrame) -> None:
    """Load the folder as a server will, and raise InputError unless it answers as declared."""
    import mlflow.pyfunc
    import numpy as np

    try:
        answer = mlflow.pyfunc.load_model(str(folder)).predict(example)
    except (Exception, SystemExit) as error:  # a trained model may raise anything, or end us
        raise InputError(
            f"train.py: expected the model to answer the first {len(example)} records, "
            f"found {type(error).__name__}: {error}",
            code="training.no-answer",
            solution="Let train() return it fitted, for the columns that signature.inputs names.",
        ) from error
    columns = np.asarray(answer).reshape(len(example), -1)
    found = [_KINDS.get(np.asarray(column).dtype.kind, "string") for column in columns.T]
    declared = [column.type for column in signature.outputs]
    if found != declared:
        raise InputError(
            f"signature.outputs: expected the declared columns {declared}, "
            f"found that the model answers {found}",
            code="signature.outputs",
            solution="Declare one output column of the type that predict() returns.",
        )
