"""The data block of a manifest gives its records, or says what does not fit."""

from __future__ import annotations

import pytest

from turnpike.datasets.catalogue import load
from turnpike.datasets.declared import declared_data
from turnpike.errors import InputError
from turnpike.manifest.data import Data, DataSet


def _data(training: str, validation: str, label: str = "target") -> Data:
    def part(source: str) -> DataSet:
        return DataSet(source=source, licence="CC0-1.0", classification="public", residency=("EU",))

    return Data(
        label=label,
        training=part(training),
        validation=part(validation),
        validation_fraction=0.25,
        split_seed=3,
    )


def test_one_source_is_split_in_two() -> None:
    found = declared_data(_data("sklearn:wine", "sklearn:wine"))
    assert len(found.training.rows) + len(found.validation.rows) == 178
    assert len(found.validation.rows) == 45


def test_two_sources_are_each_used_whole() -> None:
    found = declared_data(_data("sklearn:wine", "sklearn:iris"))
    assert found.training == load("sklearn:wine")
    assert found.validation == load("sklearn:iris")


def test_a_label_that_the_set_does_not_have_is_refused_with_the_one_it_has() -> None:
    with pytest.raises(InputError, match="expected 'target'") as refusal:
        declared_data(_data("sklearn:wine", "sklearn:wine", "alcohol"))
    assert refusal.value.code == "data.label"
