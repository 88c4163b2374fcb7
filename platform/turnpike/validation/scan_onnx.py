"""Looks into an ONNX file: standard operators, no data outside of it, no functions of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from turnpike.validation.refused_file import RefusedFile
from turnpike.validation.scan_pickle import is_pickle

if TYPE_CHECKING:
    from onnx import AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto

DOMAINS = frozenset(("", "ai.onnx", "ai.onnx.ml"))
"""The domains of operators that ONNX itself defines; any other is somebody's own code."""


def check_onnx(content: bytes) -> None:
    """Raise RefusedFile unless the bytes are a complete graph of ONNX's own operators."""
    if is_pickle(content):
        raise RefusedFile("an ONNX graph", "a pickle")
    model = _parsed(content)
    domains = {opset.domain for opset in model.opset_import}
    domains |= {node.domain for node in _nodes(model.graph)}
    if strange := sorted(domains - DOMAINS):
        raise RefusedFile("ONNX's own operators", f"operators of {', '.join(strange)[:200]}")
    if len(model.functions):
        raise RefusedFile("a graph without functions of its own", model.functions[0].name[:80])
    if any(_is_outside(tensor) for tensor in _tensors(model.graph)):
        raise RefusedFile("all weights inside the file", "weights in another file")


def _parsed(content: bytes) -> ModelProto:
    """Return the graph once onnx's own checker has taken it."""
    import onnx
    from google.protobuf.message import DecodeError

    try:
        model = onnx.load_model_from_string(content)
        onnx.checker.check_model(content)
    except (DecodeError, onnx.checker.ValidationError, ValueError, RuntimeError) as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise RefusedFile("a graph that onnx.checker takes", said[0][:300]) from error
    return model


def _nodes(graph: GraphProto) -> Iterator[NodeProto]:
    for node in graph.node:
        yield node
        for inner in _graphs(node.attribute):
            yield from _nodes(inner)


def _graphs(attributes: list[AttributeProto]) -> Iterator[GraphProto]:
    for attribute in attributes:
        if attribute.HasField("g"):
            yield attribute.g
        yield from attribute.graphs


def _tensors(graph: GraphProto) -> Iterator[TensorProto]:
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    for node in graph.node:
        for attribute in node.attribute:
            yield from (attribute.t, *attribute.tensors)
            for sparse in (attribute.sparse_tensor, *attribute.sparse_tensors):
                yield from (sparse.values, sparse.indices)
        for inner in _graphs(node.attribute):
            yield from _tensors(inner)


def _is_outside(tensor: TensorProto) -> bool:
    return bool(tensor.data_location != 0 or len(tensor.external_data))
