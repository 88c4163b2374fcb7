"""Rows of named values as a request of the Open Inference Protocol, as MLServer reads tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from turnpike.cluster.open_inference import Scalar, TensorDescription

Row = Mapping[str, Scalar]


def table_request(rows: Sequence[Row], inputs: tuple[TensorDescription, ...]) -> JsonValue:
    """Return one column a tensor; ``pd`` asks MLServer to make a table of them.

    Every row has a value for every input.
    """
    tensors: list[JsonValue] = [_tensor(rows, tensor) for tensor in inputs]
    return {"parameters": {"content_type": "pd"}, "inputs": tensors}


def _tensor(rows: Sequence[Row], tensor: TensorDescription) -> JsonValue:
    values: list[JsonValue] = [row[tensor.name] for row in rows]
    content_type = "str" if tensor.datatype == "BYTES" else "np"
    return {
        "name": tensor.name,
        "datatype": tensor.datatype,
        "shape": [len(rows), 1],
        "data": values,
        "parameters": {"content_type": content_type},
    }
