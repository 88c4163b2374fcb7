"""Looks at the model server that another process runs on this machine, as its consumers do."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from turnpike.cluster.interface import Look, Watched
from turnpike.cluster.local import endpoint_of
from turnpike.cluster.open_inference import InferenceAnswer, ModelServer, Scalar, UnknownModel
from turnpike.cluster.table_request import Row, table_request
from turnpike.errors import Unavailable


@dataclass(frozen=True, slots=True)
class LocalProbe:
    """A probe of the server that keeps its state in a folder.

    Whoever takes longer than ``seconds`` for one call is taken not to answer.
    """

    state: Path
    clock: Callable[[], datetime]
    seconds: float = 5.0

    def look(self, watched: Watched) -> Look:
        """Look once: is it live, ready, does it predict, and which artifact did?"""
        started_at, began = self.clock(), time.perf_counter()
        try:
            fault, seconds = self._asked(watched)
        except UnknownModel:
            fault, seconds = f"the server does not have {watched.model}", 0.0
        except Unavailable as error:
            fault, seconds = error.message, time.perf_counter() - began
        return Look(started_at, self.clock(), seconds, fault)

    def answers(self, watched: Watched, rows: Sequence[Row]) -> tuple[Scalar, ...]:
        """Return one value for each row, of the released artifact; nothing without all of them."""
        try:
            server = ModelServer(endpoint_of(self.state), self.seconds)
            inputs = server.describe(watched.name).inputs
            answer = server.infer(watched.name, table_request(rows, inputs))
        except (UnknownModel, Unavailable):
            return ()
        asked = replace(watched, rows=tuple(rows))
        return () if _fault_of(answer, asked) else answer.outputs[0].data

    def _asked(self, watched: Watched) -> tuple[str, float]:
        server = ModelServer(endpoint_of(self.state), self.seconds)
        server.require_live()
        if not server.is_ready():
            return f"model server {server.endpoint}: live, but not ready", 0.0
        name = watched.name
        inputs = server.describe(name).inputs
        if not watched.rows or any(one.name not in row for one in inputs for row in watched.rows):
            return "its artifact has no example with a value for each input to ask for", 0.0
        began = time.perf_counter()
        answer = server.infer(name, table_request(watched.rows, inputs))
        seconds = time.perf_counter() - began
        if fault := _fault_of(answer, watched):
            return fault, seconds
        is_ready = server.serves(name, watched.release.artifact)
        return "" if is_ready else f"{watched.model} answers, but is not ready", seconds


def _fault_of(answer: InferenceAnswer, watched: Watched) -> str:
    """Tell what is wrong with an answer: other bytes, or not one value for each row."""
    released = watched.release.artifact
    if answer.model_version != released:
        return f"serves {answer.model_version or 'no digest'}, released is {released}"
    counts = [len(tensor.data) for tensor in answer.outputs]
    wanted = [len(watched.rows)]
    return "" if counts == wanted else f"expected {wanted[0]} values, found outputs of {counts}"
