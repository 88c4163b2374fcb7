"""Calls a team's ``data.py`` and ``train.py``, and turns what goes wrong there into plain words."""

from __future__ import annotations

import importlib.util
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from turnpike.datasets.declared import declared_data
from turnpike.datasets.training import frame_of
from turnpike.errors import InputError
from turnpike.manifest.model import PredictiveModel

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


def load_data(folder: Path, model: PredictiveModel) -> tuple[pd.DataFrame, pd.Series]:
    """Return what ``data.load()`` gives, which must be the training records of the manifest.

    Raises InputError where it gives anything else: held-out records, above all.
    """
    load: Callable[[], tuple[pd.DataFrame, pd.Series]] = _function(folder, "data.py", "load")
    features, labels = _called(folder / "data.py", load)
    names = tuple(column.name for column in model.signature.inputs)
    declared, wanted = frame_of(declared_data(model.data).training, names)
    if not (declared.equals(features) and wanted.equals(labels)):
        raise InputError(
            f"{folder / 'data.py'}: expected load() to return the {len(declared)} training "
            "records that the manifest's data block names, found other records or columns",
            code="data.differs",
            solution="Return `training_split(__file__)`, or correct the manifest's data block.",
        )
    return features, labels


def train(
    folder: Path, model: PredictiveModel, features: pd.DataFrame, labels: pd.Series
) -> object:
    """Return what ``train.train(features, labels, seed)`` gives: an estimator or a ModelProto."""
    function: Callable[[pd.DataFrame, pd.Series, int], object]
    function = _function(folder, "train.py", "train")
    seed = model.validation.seed
    return _called(folder / "train.py", lambda: function(features, labels, seed))


def _function(folder: Path, file: str, name: str) -> Callable[..., Any]:
    path = folder / file
    module = _called(path, lambda: _module(path))
    function: Callable[..., Any] | None = getattr(module, name, None)
    if not callable(function):
        raise InputError(
            f"{path}: expected a function {name}(), found none",
            code="training.function",
            solution="`turnpike new` scaffolds a folder that shows both functions.",
        )
    return function


def _module(path: Path) -> ModuleType:
    name = f"_team_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise InputError(
            f"{path}: expected the team's code, found no file",
            code="training.missing",
            solution="`turnpike new` scaffolds a folder with train.py and data.py.",
        )
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _called(path: Path, call: Callable[[], T]) -> T:
    """Return what a team's code returns; whatever it raises becomes an InputError with a line."""
    try:
        return call()
    except InputError:
        raise
    except (Exception, SystemExit) as error:  # a team's code may raise anything
        raise InputError(
            f"{path}:{_line(path, error)}: expected the code to run, "
            f"found {type(error).__name__}: {error}",
            code="training.failed",
            solution="Correct the line named above, then register again.",
        ) from error


def _line(path: Path, error: BaseException) -> int:
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 0 for f in reversed(frames) if f.filename == str(path)), 0)
