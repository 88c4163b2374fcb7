"""Rows become columns, each with its own type, in the order of the rows."""

from __future__ import annotations

from turnpike.cluster.open_inference import TensorDescription
from turnpike.cluster.table_request import Row, table_request

INPUTS = (
    TensorDescription(name="age", datatype="FP64"),
    TensorDescription(name="ward", datatype="BYTES"),
)


def test_each_input_is_one_column_of_all_rows() -> None:
    rows: list[Row] = [{"ward": "a", "age": 61.0}, {"age": 7, "ward": "b"}]
    assert table_request(rows, INPUTS) == {
        "parameters": {"content_type": "pd"},
        "inputs": [
            {
                "name": "age",
                "datatype": "FP64",
                "shape": [2, 1],
                "data": [61.0, 7],
                "parameters": {"content_type": "np"},
            },
            {
                "name": "ward",
                "datatype": "BYTES",
                "shape": [2, 1],
                "data": ["a", "b"],
                "parameters": {"content_type": "str"},
            },
        ],
    }
