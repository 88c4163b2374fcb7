"""A table gives its columns by name, and its digest covers all that it says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.datasets.table import DataTable, Row, digest_of_table
from unit.datasets.tables import rows, table_of

_TABLE = table_of(((1.0, 2, True, "x"), (3.0, 4, False, "y")))


def test_columns_and_rows_are_picked_by_name_in_the_order_asked_for() -> None:
    assert _TABLE.features == ("a", "c", "d")
    assert _TABLE.column("d") == ("x", "y")
    assert _TABLE.select(("d", "a")) == (("x", 1.0), ("y", 3.0))


@pytest.mark.parametrize(
    "changed",
    [
        replace(_TABLE, columns=("a", "b", "c", "e")),
        replace(_TABLE, types=("double", "double", "boolean", "string")),
        replace(_TABLE, label="a"),
        replace(_TABLE, rows=_TABLE.rows[::-1]),
        replace(_TABLE, rows=((1.0, 2, True, "x"), (3.0, 4, False, "z"))),
        replace(_TABLE, rows=_TABLE.rows[:1]),
    ],
)
def test_the_digest_covers_columns_types_label_and_every_row(changed: DataTable) -> None:
    assert digest_of_table(changed) != digest_of_table(_TABLE)


@settings(deadline=None)
@given(records=rows(), data=st.data())
def test_one_changed_cell_changes_the_digest(records: tuple[Row, ...], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(records) - 1))
    a, b, c, d = records[place]
    changed = (*records[:place], (a, int(b) + 1, c, d), *records[place + 1 :])
    assert digest_of_table(table_of(changed)) != digest_of_table(table_of(records))


def test_the_name_of_the_source_is_no_part_of_the_digest() -> None:
    assert digest_of_table(replace(_TABLE, source="other")) == digest_of_table(_TABLE)
