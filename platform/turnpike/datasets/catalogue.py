"""The data sets that can be named in a manifest: ``sklearn:<name>``, as scikit-learn ships them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from turnpike.datasets.table import Cell, DataTable, Task
from turnpike.errors import InputError
from turnpike.manifest.signature import ColumnType

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class _Entry:
    """How scikit-learn ships a set; ``dropped`` are further targets, which are no features."""

    loader: str
    task: Task
    label: str = "target"
    dropped: tuple[str, ...] = ()
    options: tuple[tuple[str, bool], ...] = ()


_ENTRIES: Mapping[str, _Entry] = MappingProxyType(
    {
        "sklearn:breast_cancer": _Entry("load_breast_cancer", "binary-classification"),
        # Unscaled: ages in years, so that bounds and slices say something to a person.
        "sklearn:diabetes": _Entry("load_diabetes", "regression", options=(("scaled", False),)),
        "sklearn:digits": _Entry("load_digits", "multiclass-classification"),
        "sklearn:iris": _Entry("load_iris", "multiclass-classification"),
        "sklearn:linnerud": _Entry("load_linnerud", "regression", "Weight", ("Waist", "Pulse")),
        "sklearn:wine": _Entry("load_wine", "multiclass-classification"),
    }
)

SOURCES: tuple[str, ...] = tuple(_ENTRIES)
"""Every source that a manifest may name."""


@lru_cache(maxsize=8)
def load(source: str) -> DataTable:
    """Return a data set; raises InputError with the list of all where there is none of the name."""
    entry = _ENTRIES.get(source)
    if entry is None:
        raise InputError(
            f"data source: expected one of {', '.join(SOURCES)}, found {source!r}",
            code="data.unknown-source",
            solution="Name one of these in the manifest's data.training.source and "
            "data.validation.source.",
        )
    return _table(source, entry)


def _table(source: str, entry: _Entry) -> DataTable:
    from sklearn import datasets

    bunch = getattr(datasets, entry.loader)(as_frame=True, **dict(entry.options))
    frame: pd.DataFrame = bunch.frame.drop(columns=list(entry.dropped))
    columns = tuple(str(name) for name in frame.columns)
    cells = [frame[name].tolist() for name in frame.columns]
    return DataTable(
        source=source,
        task=entry.task,
        label=entry.label,
        columns=columns,
        types=tuple(_type_of(column[0]) for column in cells),
        rows=tuple(zip(*cells, strict=True)),
    )


def _type_of(cell: Cell) -> ColumnType:
    if isinstance(cell, bool):
        return "boolean"
    if isinstance(cell, int):
        return "long"
    return "double" if isinstance(cell, float) else "string"
