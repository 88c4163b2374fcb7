"""Asks a served model for predictions, over the Open Inference Protocol v2."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from turnpike.cluster.interface import served_name
from turnpike.cluster.open_inference import (
    InferenceAnswer,
    ModelServer,
    Scalar,
    TensorDescription,
    UnknownModel,
)
from turnpike.cluster.table_request import Row, table_request
from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError, InvalidDocument, Problem, Unavailable

_NUMBER = (float, int)
_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "BOOL": (bool,),
    "BYTES": (str,),
    "FP32": _NUMBER,
    "FP64": _NUMBER,
    "INT32": (int,),
    "INT64": (int,),
}


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model answered, one value a row, and which artifact of it did; ``seconds`` it took."""

    model: str
    artifact: Digest
    values: tuple[Scalar, ...]
    seconds: float


def infer(
    endpoint: str, model: str, rows: Sequence[Row], *, timeout_seconds: float = 30.0
) -> Prediction:
    """Return the predictions of ``team/model`` for rows of named values, in the order of the rows.

    Raises InputError where the model is not served, InvalidDocument where a row does not fit its
    signature, and Unavailable where the server does not answer as the protocol says.
    """
    server = ModelServer(endpoint, timeout_seconds)
    name = served_name(*_team_and_model(model))
    try:
        inputs = server.describe(name).inputs
        _require_rows(rows, inputs)
        started = time.perf_counter()
        answer = server.infer(name, table_request(rows, inputs))
        seconds = time.perf_counter() - started
    except UnknownModel as error:
        raise _not_served(server, model) from error
    values = _values(answer, len(rows), server)
    return Prediction(model, Digest(answer.model_version), values, seconds)


def _team_and_model(model: str) -> tuple[str, str]:
    team, slash, name = model.partition("/")
    if not (team and slash and name) or "/" in name:
        raise InputError(
            f"model: expected TEAM/MODEL, found {model!r}",
            code="serving.model-name",
            solution="Name the model like its folder below models/, such as oncology/my-model.",
        )
    return team, name


def _require_rows(rows: Sequence[Row], inputs: tuple[TensorDescription, ...]) -> None:
    problems = [
        problem
        for number, row in enumerate(rows, start=1)
        for problem in _problems(f"row {number}", row, inputs)
    ]
    if not rows:
        problems = [Problem("rows", 0, "", "at least one row", "none")]
    if problems:
        raise InvalidDocument(tuple(problems))


def _problems(place: str, row: Row, inputs: tuple[TensorDescription, ...]) -> Iterator[Problem]:
    names = {tensor.name for tensor in inputs}
    for unknown in sorted(row.keys() - names):
        yield Problem(place, 0, unknown, "a column of the model's signature", "an unknown one")
    for tensor in inputs:
        if tensor.name not in row:
            yield Problem(place, 0, tensor.name, f"a value ({tensor.datatype})", "nothing")
        elif not _fits(row[tensor.name], tensor.datatype):
            yield Problem(place, 0, tensor.name, tensor.datatype, repr(row[tensor.name])[:80])


def _fits(value: Scalar, datatype: str) -> bool:
    types = _PYTHON_TYPES.get(datatype, ())
    if isinstance(value, bool):
        return bool in types
    is_finite = not isinstance(value, float) or abs(value) < float("inf")
    return isinstance(value, types) and is_finite


def _values(answer: InferenceAnswer, count: int, server: ModelServer) -> tuple[Scalar, ...]:
    # MLServer names and shapes its output otherwise than its own metadata do, so that only the
    # number of values is relied on.
    found = [len(tensor.data) for tensor in answer.outputs]
    if found != [count]:
        raise Unavailable(
            f"model server {server.endpoint}: expected one output of {count} values, "
            f"found outputs of {found}",
            code="serving.unexpected-answer",
            solution="Compare the model's signature with what it returns.",
        )
    return answer.outputs[0].data


def _not_served(server: ModelServer, model: str) -> InputError:
    names = ", ".join(sorted(item.name.replace(".", "/", 1) for item in server.index()))
    return InputError(
        f"model: expected one that is served ({names or 'none is'}), found {model!r}",
        code="serving.unknown-model",
        solution="Release it first, or name another one; `turnpike status` shows them all.",
    )
