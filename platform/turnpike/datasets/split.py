"""Parts a data set into training and validation records, the same way on every machine for ever.

No random number generator is involved, since theirs change between versions: each record's rank
is the SHA-256 of the seed and the record itself, so that neither the order of the records nor a
library decides. Records of a classification are parted class by class (stratified).
"""

from __future__ import annotations

import json
from collections import defaultdict
from hashlib import sha256

from turnpike.datasets.table import DataTable, Row
from turnpike.errors import InputError


def split(table: DataTable, fraction: float, seed: int) -> tuple[DataTable, DataTable]:
    """Return (training, validation); ``fraction`` of each class's records is for validation.

    Both keep the order of the table. Raises InputError where either would be empty.
    """
    chosen: set[int] = set()
    for numbers in _strata(table):
        ranked = sorted(numbers, key=lambda number: (_rank(table.rows[number], seed), number))
        chosen.update(ranked[: round(len(numbers) * fraction)])
    if not 0 < len(chosen) < len(table.rows):
        raise InputError(
            f"data.validationFraction: expected some of the {len(table.rows)} records of "
            f"{table.source} on each side, found {len(chosen)} for validation",
            code="data.split-empty",
            solution="Choose another validationFraction or a larger data set.",
        )
    return table.with_rows(_rows(table, chosen, False)), table.with_rows(_rows(table, chosen, True))


def _strata(table: DataTable) -> list[list[int]]:
    numbers = list(range(len(table.rows)))
    if table.task == "regression":
        return [numbers]
    classes: dict[str, list[int]] = defaultdict(list)
    for number, label in zip(numbers, table.column(table.label), strict=True):
        classes[repr(label)].append(number)
    return list(classes.values())


def _rank(row: Row, seed: int) -> bytes:
    return sha256(json.dumps([seed, row]).encode()).digest()


def _rows(table: DataTable, chosen: set[int], wanted: bool) -> tuple[Row, ...]:
    return tuple(row for number, row in enumerate(table.rows) if (number in chosen) is wanted)
