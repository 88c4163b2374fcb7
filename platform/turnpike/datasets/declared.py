"""The records that a manifest's ``data`` block names, checked against what the set really is."""

from __future__ import annotations

from dataclasses import dataclass

from turnpike.datasets.catalogue import load
from turnpike.datasets.split import split
from turnpike.datasets.table import DataTable
from turnpike.errors import InputError
from turnpike.manifest.data import Data


@dataclass(frozen=True, slots=True)
class DeclaredData:
    """The records to train on and the held-out records to be judged on."""

    training: DataTable
    validation: DataTable


def declared_data(data: Data) -> DeclaredData:
    """Return both splits; raises InputError where the block does not fit the set it names.

    Two different sources are each used whole; the same source twice is split by fraction and seed.
    """
    training, validation = load(data.training.source), load(data.validation.source)
    for table in (training, validation):
        _require_label(table, data.label)
    if data.training.source != data.validation.source:
        return DeclaredData(training, validation)
    return DeclaredData(*split(training, data.validation_fraction, data.split_seed))


def _require_label(table: DataTable, label: str) -> None:
    if table.label != label:
        raise InputError(
            f"data.label: expected {table.label!r}, the label of {table.source}, found {label!r}",
            code="data.label",
            solution=f"Write `label: {table.label}` in the manifest's data block.",
        )
