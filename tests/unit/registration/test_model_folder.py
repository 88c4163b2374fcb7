"""What is saved can be served as declared and loaded without running anybody's code; or is refused.

MLflow is imported, and takes its time: the few models here are saved for real.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from turnpike.errors import InputError
from turnpike.manifest.signature import Signature
from turnpike.registration.model_folder import save
from turnpike.registry.artifact_digest import artifact_digest
from unit.registration.manifests import predictive

pytestmark = pytest.mark.filterwarnings("default")  # MLflow's own imports warn

SIGNATURE = predictive().signature


def features() -> Any:
    import pandas as pd

    return pd.DataFrame({"proline": [700.0, 1.0, 9.0], "alcohol": [13.0, 11.0, 12.0]})


def classifier() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression().fit(features(), [0, 1, 2])


def saved(trained: object, into: Path, signature: Signature = SIGNATURE) -> Path:
    save("cellar.wine", trained, signature, features(), into)
    return into


class Guess:
    """Predicts, but is nothing that skops can hold."""

    def predict(self, rows: Any) -> list[int]:
        return [0] * len(rows)


class Runs:
    """Runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, ("touch /tmp/turnpike-was-here",)

    def predict(self, rows: Any) -> list[int]:
        return [0] * len(rows)


def test_the_same_model_saved_twice_has_the_same_bytes_and_no_pickle(tmp_path: Path) -> None:
    first, second = (saved(classifier(), tmp_path / name) for name in ("a", "b"))
    assert artifact_digest(first) == artifact_digest(second)
    names = {path.name for path in first.iterdir()}
    assert "model.skops" in names
    assert not {name for name in names if name.endswith((".pkl", ".pickle", ".joblib"))}


@pytest.mark.parametrize(
    "trained", ["model", None, {"predict": 1}, lambda rows: rows], ids=["text", "none", "dict", "f"]
)
def test_what_does_not_predict_is_refused_by_its_type(tmp_path: Path, trained: object) -> None:
    with pytest.raises(InputError) as refused:
        saved(trained, tmp_path / "a")
    assert refused.value.code == "training.result"
    assert type(trained).__name__ in refused.value.message


@pytest.mark.parametrize("made", [Guess, Runs])
def test_a_class_of_ones_own_is_refused_and_not_run(tmp_path: Path, made: type) -> None:
    with pytest.raises(InputError) as refused:
        saved(made(), tmp_path / "a")
    assert refused.value.code == "training.untrusted-type"
    assert not (tmp_path / "a").exists()


def test_an_estimator_that_was_never_made_is_refused(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    with pytest.raises(InputError):
        saved(LogisticRegression, tmp_path / "a")


def test_an_estimator_that_was_never_fitted_is_refused_in_words(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    with pytest.raises(InputError, match="not fitted") as refused:
        saved(LogisticRegression(), tmp_path / "a")
    assert refused.value.code == "training.no-answer"


def test_an_answer_of_another_type_than_declared_is_refused(tmp_path: Path) -> None:
    from sklearn.linear_model import LinearRegression

    with pytest.raises(InputError) as refused:
        saved(LinearRegression().fit(features(), [0.5, 1.5, 2.5]), tmp_path / "a")
    assert refused.value.code == "signature.outputs"
    assert "'long'" in refused.value.message
    assert "'double'" in refused.value.message


def test_a_graph_that_is_no_sound_onnx_is_refused(tmp_path: Path) -> None:
    from onnx import TensorProto, helper

    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, 2])
    node = helper.make_node("NoSuchOperator", ["x"], ["y"])
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, 2])
    graph = helper.make_model(
        helper.make_graph([node], "g", [value], [out]), opset_imports=[helper.make_opsetid("", 21)]
    )
    with pytest.raises(InputError) as refused:
        saved(graph, tmp_path / "a")
    assert refused.value.code == "training.onnx"
