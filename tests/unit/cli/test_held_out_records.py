"""Held-out records are read where a step demands quality, with the inputs that a model has."""

from __future__ import annotations

from pathlib import Path

from turnpike.cli.held_out_records import records_of
from turnpike.datasets.declared import declared_data
from turnpike.datasets.table import digest_of_table
from turnpike.documents.reading import read
from turnpike.manifest.model import MODEL, PredictiveModel

ROOT = Path(__file__).resolve().parents[3]


def pinned(name: str) -> PredictiveModel:
    """Return the manifest of one of the product's models, which pins its held-out records."""
    file = ROOT / "models" / name / "model.yaml"
    model = read(MODEL, file.read_bytes(), str(file))
    assert isinstance(model, PredictiveModel)
    digest = digest_of_table(declared_data(model.data).validation)
    validation = model.data.validation.model_copy(update={"digest": digest})
    data = model.data.model_copy(update={"validation": validation})
    return model.model_copy(update={"data": data})


def test_each_record_has_the_inputs_and_a_label() -> None:
    model = pinned("endocrinology/diabetes-progression")
    records = records_of(model, "skops")
    names = [column.name for column in model.signature.inputs]
    assert all(list(row) == names for row in records.rows)
    assert records.labels == declared_data(model.data).validation.column("target")
    assert len(records.rows) == len(records.labels)
    assert records.is_regression


def test_no_more_records_are_asked_for_than_are_worth_the_time() -> None:
    model = pinned("manufacturing/label-digit-reader")
    records = records_of(model, "skops")
    assert len(declared_data(model.data).validation.rows) > 500
    assert len(records.rows) == len(records.labels) == 500
    assert not records.is_regression
