"""Saved bytes depend on the model alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto, TensorProto, checker, helper

from turnpike.registration.reproducible import normalise_onnx, normalise_skops


def _saved(path: Path, shift: float = 0.0) -> bytes:
    import skops.io
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    features = np.array([[0.0, 1.0], [1.0, 0.0], [2.0 + shift, 2.0]])
    model = make_pipeline(StandardScaler(), LogisticRegression()).fit(features, [0, 1, 1])
    skops.io.dump(model, path)
    normalise_skops(path)
    return path.read_bytes()


def test_the_same_model_saved_twice_has_the_same_bytes(tmp_path: Path) -> None:
    first = _saved(tmp_path / "a.skops")
    kept = [object() for _ in range(10_000)]  # so that nothing has its old address
    time.sleep(2.1)  # a zip file's times have a resolution of two seconds
    assert _saved(tmp_path / "b.skops") == first
    assert len(kept) == 10_000


def test_another_model_has_other_bytes(tmp_path: Path) -> None:
    assert _saved(tmp_path / "a.skops") != _saved(tmp_path / "b.skops", shift=1e-6)


def test_the_model_loads_and_answers_as_before(tmp_path: Path) -> None:
    import skops.io

    _saved(tmp_path / "a.skops")
    model = skops.io.load(tmp_path / "a.skops")
    assert model.predict([[0.0, 1.0], [2.0, 2.0]]).tolist() == [0, 1]


@pytest.mark.parametrize("turned", [False, True])
def test_a_graph_is_named_and_its_opsets_sorted(turned: bool) -> None:
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("ai.onnx.ml", 3)]
    model = _graph(opsets[::-1] if turned else opsets)
    normalise_onnx(model, "cellar.wine")
    assert model.graph.name == "cellar.wine"
    assert [opset.domain for opset in model.opset_import] == ["", "ai.onnx.ml"]
    straight = _graph(opsets)
    normalise_onnx(straight, "cellar.wine")
    assert model.SerializeToString() == straight.SerializeToString()


def test_an_output_that_lost_its_type_gets_it_back() -> None:
    model = _graph([helper.make_opsetid("", 21)])
    model.graph.output[0].ClearField("type")
    with pytest.raises(checker.ValidationError):
        checker.check_model(model)
    normalise_onnx(model, "cellar.wine")
    checker.check_model(model)


def _graph(opsets: Sequence[object]) -> ModelProto:
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["y"])],
        "3f1c-random",
        [value("x", TensorProto.FLOAT, [None, 2])],
        [value("y", TensorProto.FLOAT, [None, 2])],
    )
    model = helper.make_model(graph, opset_imports=opsets)
    assert isinstance(model, ModelProto)
    return model
