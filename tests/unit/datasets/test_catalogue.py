"""The catalogue names real data sets, typed and labelled."""

from __future__ import annotations

import pytest

from turnpike.datasets.catalogue import SOURCES, load
from turnpike.errors import InputError


@pytest.mark.parametrize("source", SOURCES)
def test_every_set_has_records_of_its_columns_and_types(source: str) -> None:
    table = load(source)
    kinds = {"double": float, "long": int, "boolean": bool, "string": str}
    wanted = tuple(kinds[name] for name in table.types)
    assert len(table.rows) >= 20
    assert all(tuple(type(cell) for cell in row) == wanted for row in table.rows)


@pytest.mark.parametrize("source", SOURCES)
def test_the_label_is_a_column_and_no_feature(source: str) -> None:
    table = load(source)
    assert table.label in table.columns
    assert table.label not in table.features
    assert len(table.features) == len(table.columns) - 1


@pytest.mark.parametrize("source", SOURCES)
def test_the_task_fits_the_labels(source: str) -> None:
    table = load(source)
    classes = len(set(table.column(table.label)))
    few = {"binary-classification": classes == 2, "multiclass-classification": 2 < classes <= 10}
    assert few.get(table.task, classes > 10)


def test_further_targets_of_a_set_are_no_features() -> None:
    assert load("sklearn:linnerud").columns == ("Chins", "Situps", "Jumps", "Weight")


@pytest.mark.parametrize("source", ["sklearn:titanic", "breast_cancer", "", "csv:/etc/passwd"])
def test_an_unknown_source_is_refused_with_the_list_of_all(source: str) -> None:
    with pytest.raises(InputError) as refusal:
        load(source)
    assert refusal.value.code == "data.unknown-source"
    assert all(known in refusal.value.message for known in SOURCES)
