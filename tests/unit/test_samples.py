"""The product's sample models are what they say they are."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from turnpike.datasets.catalogue import load
from turnpike.datasets.declared import declared_data
from turnpike.documents.reading import read
from turnpike.judge.consistency import BUILD_TEXT
from turnpike.judge.layout import is_model_file
from turnpike.manifest.model import MODEL, GenerativeModel, PredictiveModel
from turnpike.scaffold.card import SECTIONS

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = sorted(path.parent for path in (ROOT / "models").glob("*/*/model.yaml"))
SCHEMA_LINE = "# yaml-language-server: $schema=../../../docs/schemas/model.schema.json"
Row = dict[str, Any]
Predict = Callable[[list[Row]], list[Any]]


def manifest(folder: Path) -> PredictiveModel | GenerativeModel:
    return read(MODEL, (folder / "model.yaml").read_bytes(), str(folder / "model.yaml"))


MODELS = {manifest(folder).key: folder for folder in FOLDERS}
PREDICTIVE = [key for key, folder in MODELS.items() if manifest(folder).kind == "predictive"]


def predictive(key: str) -> PredictiveModel:
    model = manifest(MODELS[key])
    assert isinstance(model, PredictiveModel)
    return model


def test_there_are_five_of_three_teams_and_every_kind_of_task() -> None:
    found = [manifest(folder) for folder in FOLDERS]
    assert len(found) == 5
    assert len({model.team for model in found}) == 3
    tasks = {model.validation.task for model in found if isinstance(model, PredictiveModel)}
    assert tasks == {"binary-classification", "multiclass-classification", "regression"}
    assert "generative" in {model.kind for model in found}
    assert "high" in {model.risk_tier for model in found}


@pytest.mark.parametrize("key", MODELS)
def test_a_sample_is_a_draft_that_stands_in_its_own_folder(key: str) -> None:
    folder = MODELS[key]
    model = manifest(folder)
    assert f"{folder.parent.name}/{folder.name}" == key
    assert model.artifact is None
    if isinstance(model, PredictiveModel):
        assert model.data.training.digest is model.data.validation.digest is None
    assert (folder / "model.yaml").read_text("utf-8").splitlines()[0] == SCHEMA_LINE


@pytest.mark.parametrize("key", MODELS)
def test_a_sample_holds_only_what_the_judge_allows(key: str) -> None:
    files = [path for path in MODELS[key].rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert all(is_model_file(path.relative_to(ROOT).as_posix()) for path in files)
    assert (MODELS[key] / "BUILD").read_text("utf-8") == BUILD_TEXT


@pytest.mark.parametrize("key", MODELS)
def test_a_sample_has_a_complete_card(key: str) -> None:
    card = (MODELS[key] / "card.md").read_text("utf-8")
    headings = [line.removeprefix("## ") for line in card.splitlines() if line.startswith("## ")]
    assert headings == list(SECTIONS)
    assert "REPLACE" not in card


@pytest.mark.parametrize("key", PREDICTIVE)
def test_the_signature_fits_the_data(key: str) -> None:
    model = predictive(key)
    table = load(model.data.training.source)
    assert table.task == model.validation.task
    assert tuple(column.name for column in model.signature.inputs) == table.features
    for column in model.signature.inputs:
        values = [float(cell) for cell in table.column(column.name)]
        assert column.type == table.types[table.columns.index(column.name)]
        assert column.minimum is not None
        assert column.maximum is not None
        assert column.minimum <= min(values) <= max(values) <= column.maximum


@pytest.mark.parametrize("key", PREDICTIVE)
def test_every_slice_has_enough_held_out_records_and_every_watched_feature_is_an_input(
    key: str,
) -> None:
    model = predictive(key)
    held_out = declared_data(model.data).validation
    for part in model.validation.slices:
        cells = held_out.column(part.column)
        chosen = [cell for cell in cells if _compares(float(cell), part.operator, part.value)]
        assert 20 <= len(chosen) < len(cells), part.name
    names = {column.name for column in model.signature.inputs}
    assert {drift.feature for drift in model.monitoring.drift} <= names


def _compares(cell: float, operator: str, value: float | str) -> bool:
    wanted = float(value)
    outcomes = {
        "==": cell == wanted,
        "<": cell < wanted,
        "<=": cell <= wanted,
        ">": cell > wanted,
        ">=": cell >= wanted,
    }
    return outcomes[operator]


@pytest.mark.parametrize("key", PREDICTIVE)
def test_a_sample_trains_and_passes_its_own_checks(key: str) -> None:
    model, predict = predictive(key), _trained(key)
    rows = _held_out_rows(model)
    files = sorted((MODELS[key] / "checks").glob("*.py"))
    assert [file.stem for file in files] == list(model.validation.checks)
    for file in files:
        checks = [value for name, value in _module(file).items() if name.startswith("check_")]
        assert checks, file
        for check in checks:
            check(predict, [dict(row) for row in rows])


@pytest.mark.parametrize("key", PREDICTIVE)
def test_a_check_refuses_a_model_that_always_says_the_same(key: str) -> None:
    model = predictive(key)
    rows = _held_out_rows(model)
    check = _module(MODELS[key] / "checks" / "plausibility.py")["check_plausibility"]
    with pytest.raises(AssertionError, match="expected"):
        check(lambda asked: [10_000] * len(asked), rows)


def _held_out_rows(model: PredictiveModel) -> list[Row]:
    held_out = declared_data(model.data).validation
    names = held_out.features
    return [dict(zip(names, row, strict=True)) for row in held_out.select(names)]


@cache
def _trained(key: str) -> Predict:
    import pandas as pd

    folder, seed = MODELS[key], predictive(key).validation.seed
    features, labels = _module(folder / "data.py")["load"]()
    trained = _module(folder / "train.py")["train"](features, labels, seed)
    if type(trained).__module__.startswith("onnx."):
        return _onnx(trained.SerializeToString())
    return lambda rows: list(trained.predict(pd.DataFrame(rows)).tolist())


def _onnx(graph: bytes) -> Predict:
    import numpy as np
    import onnxruntime

    session = onnxruntime.InferenceSession(graph)
    (given,) = session.get_inputs()

    def predict(rows: list[Row]) -> list[Any]:
        values = np.asarray([list(row.values()) for row in rows], dtype="float32")
        (answers,) = session.run(None, {given.name: values})
        return list(answers.tolist())

    return predict


def _module(file: Path) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location(f"_sample_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return vars(module)
