"""Loads an artifact without running any code that it brings: skops by allow-list, or ONNX."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from answer import Refusal
from foreign import Foreign, Raised, call
from rows import Cell, Column, Row
from trees import check_trees
from trusted_types import TRUSTED_TYPES


@dataclass(frozen=True)
class Raw:
    """What a model said: one list a row; ``classes`` names the columns of probabilities."""

    values: list[list[float]]
    labels: list[Cell]
    classes: list[Cell] | None


class Predictor(Protocol):
    """A loaded model."""

    @property
    def loader(self) -> str:
        """Name what loaded it, with its version."""
        ...

    def predict(self, rows: Sequence[Row]) -> Raw:
        """Return raw predictions for typed rows."""
        ...


_Load = Callable[[Path, Sequence[Column], str], Predictor]


def load(folder: Path, form: str, columns: Sequence[Column], kind: str) -> Predictor:
    """Return the model of an artifact folder; ``kind`` is classes or values.

    Raises Refusal for a missing file, an unknown format, or content that is not on the list.
    """
    loaders: dict[str, tuple[str, _Load]] = {
        "skops": ("model.skops", _Skops.load),
        "onnx": ("model.onnx", _Onnx.load),
    }
    if form not in loaders:
        raise Refusal("artifact.unknown-format", f"expected skops or onnx, got {form}")
    name, loader = loaders[form]
    path = folder / name
    if not path.is_file():
        raise Refusal("artifact.missing-file", f"expected {name} in the artifact, found none")
    return loader(path, columns, kind)


class _Skops:
    """A scikit-learn estimator of a skops file."""

    def __init__(self, model: Foreign, columns: Sequence[Column], kind: str) -> None:
        import skops

        self.loader = f"skops {skops.__version__}"
        self._model = model
        self._columns = columns
        self._kind = kind

    @classmethod
    def load(cls, path: Path, columns: Sequence[Column], kind: str) -> _Skops:
        """Read the file when it asks for nothing but trusted types, and its trees are sound."""
        import skops.io

        wanted = set(_readable(skops.io.get_untrusted_types, file=path))
        if unknown := sorted(wanted - TRUSTED_TYPES):
            raise Refusal("artifact.untrusted-type", "not on the list: " + ", ".join(unknown))
        model = _readable(skops.io.load, path, trusted=sorted(wanted))
        check_trees(model)
        return cls(model, columns, kind)

    def predict(self, rows: Sequence[Row]) -> Raw:
        """Return probabilities where the estimator has them, else what it predicts."""
        frame = self._frame(rows)
        if self._kind == "values":
            values = self._model.predict(frame)
            return Raw(values.reshape(len(rows), -1).tolist(), values.tolist(), None)
        classes = self._model.classes_.tolist()
        shares = self._model.predict_proba(frame)
        return Raw(shares.tolist(), [classes[n] for n in shares.argmax(axis=1)], classes)

    def _frame(self, rows: Sequence[Row]) -> Foreign:
        import pandas as pd

        frame = pd.DataFrame(rows, columns=[column.name for column in self._columns])
        return frame if hasattr(self._model, "feature_names_in_") else frame.to_numpy()


class _Onnx:
    """A graph of ONNX Runtime: one input with all columns, or one input for each column."""

    def __init__(self, session: Foreign, columns: Sequence[Column], kind: str) -> None:
        import onnxruntime

        self.loader = f"onnxruntime {onnxruntime.__version__}"
        self._session = session
        self._columns = columns
        self._kind = kind

    @classmethod
    def load(cls, path: Path, columns: Sequence[Column], kind: str) -> _Onnx:
        """Read the graph with the operators of the runtime alone."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        session = _readable(
            onnxruntime.InferenceSession, path, sess_options=options,
            providers=["CPUExecutionProvider"],
        )  # fmt: skip
        return cls(session, columns, kind)

    def predict(self, rows: Sequence[Row]) -> Raw:
        """Return probabilities with their classes, or the values of the first output."""
        import numpy as np

        outputs = self._session.run(None, self._inputs(rows))
        if self._kind == "values":
            values = np.asarray(outputs[0], dtype="float64").reshape(len(rows), -1)
            return Raw(values.tolist(), values[:, 0].tolist(), None)
        labels = np.asarray(outputs[0]).reshape(len(rows)).tolist()
        if len(outputs) == 1:  # a graph that names the class alone, without probabilities
            return Raw([[float(label)] for label in labels], labels, None)
        shares = outputs[1]
        if isinstance(shares, list):  # a map for each row, as skl2onnx writes it by default
            classes = sorted(shares[0])
            return Raw([[float(row[c]) for c in classes] for row in shares], labels, classes)
        return Raw(np.asarray(shares, dtype="float64").tolist(), labels, None)

    def _inputs(self, rows: Sequence[Row]) -> dict[str, Foreign]:
        import numpy as np

        inputs = self._session.get_inputs()
        if len(inputs) == 1 and len(self._columns) > 1:
            return {inputs[0].name: np.asarray(rows, dtype=_kind_of(inputs[0].type))}
        by_name = {column.name: n for n, column in enumerate(self._columns)}
        return {
            one.name: np.asarray(
                [[row[by_name.get(one.name, n)]] for row in rows], dtype=_kind_of(one.type)
            )
            for n, one in enumerate(inputs)
        }


def _readable(read: Callable[..., Foreign], *arguments: object, **named: object) -> Foreign:
    """Return what a library reads; whatever a hostile file provokes in it is a refusal."""
    ended = call(partial(read, *arguments, **named))
    if isinstance(ended, Raised):
        raise Refusal("artifact.unreadable", ended.said) from ended.error
    return ended.value


def _kind_of(tensor: str) -> str:
    kinds = {
        "tensor(float)": "float32", "tensor(double)": "float64", "tensor(int64)": "int64",
        "tensor(int32)": "int32", "tensor(bool)": "bool", "tensor(string)": "object",
    }  # fmt: skip
    if tensor not in kinds:
        raise Refusal("artifact.unknown-input", f"expected a tensor of plain values, got {tensor}")
    return kinds[tensor]
