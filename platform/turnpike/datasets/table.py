"""A data set as plain values: named and typed columns, rows, one label column."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from turnpike.documents.canonical import canonical
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.manifest.signature import ColumnType

Cell = float | int | bool | str
Row = tuple[Cell, ...]
Task = Literal["binary-classification", "multiclass-classification", "regression"]


@dataclass(frozen=True, slots=True)
class DataTable:
    """Records with their label: ``types`` and each row are in the order of ``columns``."""

    source: str
    task: Task
    label: str
    columns: tuple[str, ...]
    types: tuple[ColumnType, ...]
    rows: tuple[Row, ...]

    @property
    def features(self) -> tuple[str, ...]:
        """Return the names of all columns but the label."""
        return tuple(name for name in self.columns if name != self.label)

    def column(self, name: str) -> Row:
        """Return the cells of one column, in the order of the rows."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)

    def select(self, names: tuple[str, ...]) -> tuple[Row, ...]:
        """Return the rows with only the named columns, in the order of the names."""
        places = [self.columns.index(name) for name in names]
        return tuple(tuple(row[place] for place in places) for row in self.rows)

    def with_rows(self, rows: tuple[Row, ...]) -> DataTable:
        """Return the same table with other rows."""
        return replace(self, rows=rows)


def digest_of_table(table: DataTable) -> Digest:
    """Return the digest of a table's canonical JSON: columns, types, label and rows, in order."""
    return digest_of(
        canonical(
            {
                "columns": list(table.columns),
                "types": list(table.types),
                "label": table.label,
                "rows": [list(row) for row in table.rows],
            }
        )
    )
