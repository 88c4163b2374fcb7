"""Tables that are made up, small and of every type."""

from __future__ import annotations

from hypothesis import strategies as st

from turnpike.datasets.table import DataTable, Row, Task

_ROWS = st.tuples(
    st.floats(-1e6, 1e6), st.integers(0, 5), st.booleans(), st.text("abc", max_size=3)
)


def table_of(rows: tuple[Row, ...], task: Task = "regression", label: str = "b") -> DataTable:
    """Return a table with a column of each type and the given rows."""
    return DataTable(
        "test:rows",
        task,
        label,
        ("a", "b", "c", "d"),
        ("double", "long", "boolean", "string"),
        rows,
    )


def rows(least: int = 2) -> st.SearchStrategy[tuple[Row, ...]]:
    """Return a strategy of rows, some of which may be equal."""
    return st.lists(_ROWS, min_size=least, max_size=40).map(tuple)
