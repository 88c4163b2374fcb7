"""The request holds features alone; the labels stay on this side."""

from __future__ import annotations

import pytest

from turnpike.datasets.catalogue import load
from turnpike.datasets.split import split
from turnpike.datasets.table import digest_of_table
from turnpike.errors import InputError
from turnpike.manifest.model import PredictiveModel
from turnpike.validation.datasets import ArtifactFormat, held_out, output_kind
from unit.registration.manifests import WINE_MANIFEST, predictive

_, _VALIDATION = split(load("sklearn:wine"), 0.3, 7)
_DIGEST = digest_of_table(_VALIDATION)
_PINNED = WINE_MANIFEST.replace(
    '  validation:\n    source: "sklearn:wine"\n',
    f'  validation:\n    source: "sklearn:wine"\n    digest: {_DIGEST}\n',
)


def _model(old: str = "", new: str = "") -> PredictiveModel:
    assert old in _PINNED
    return predictive(_PINNED.replace(old, new, 1) if old else _PINNED)


def test_the_request_has_the_declared_inputs_of_the_held_out_records() -> None:
    data = held_out(_model(), "skops")
    assert [column.name for column in data.request.columns] == ["proline", "alcohol"]
    assert data.request.rows == _VALIDATION.select(("proline", "alcohol"))
    assert data.digest == _DIGEST


def test_no_label_is_in_the_request() -> None:
    data = held_out(_model(), "skops")
    assert all(len(row) == 2 for row in data.request.rows)
    assert "target" not in data.request.model_dump_json()
    assert data.records.labels == _VALIDATION.column("target")


def test_slices_may_use_any_column_of_the_set() -> None:
    assert set(held_out(_model(), "skops").records.columns) == set(_VALIDATION.features)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (f"    digest: {_DIGEST}\n", "", "data.validation.digest"),
        (_DIGEST, "sha256:" + "0" * 64, "data.validation.digest"),
        ("splitSeed: 7", "splitSeed: 8", "data.validation.digest"),
        ("task: multiclass-classification", "task: regression", "validation.task"),
        ("name: alcohol, type: double", "name: alcohol, type: long", "signature.inputs alcohol"),
        ("name: alcohol, type", "name: bouquet, type", "signature.inputs bouquet"),
        ("name: alcohol, type", "name: target, type", "signature.inputs target"),
    ],
)
def test_a_manifest_that_does_not_fit_its_data_is_refused_by_field(
    old: str, new: str, field: str
) -> None:
    with pytest.raises(InputError, match=field) as refusal:
        held_out(_model(old, new), "skops")
    assert refusal.value.code == "validation.data"


@pytest.mark.parametrize(
    ("form", "thresholds", "kind"),
    [
        ("skops", "{ accuracy: 0.6 }", "classes"),
        ("onnx", "{ accuracy: 0.6 }", "values"),
        ("onnx", "{ accuracy: 0.6, log_loss: 1.0 }", "classes"),
    ],
)
def test_probabilities_are_asked_for_where_there_are_some_or_a_metric_needs_them(
    form: ArtifactFormat, thresholds: str, kind: str
) -> None:
    model = _model("thresholds: { accuracy: 0.6 }", f"thresholds: {thresholds}")
    assert output_kind(model.validation, form) == kind
