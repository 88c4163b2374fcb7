"""The platform run: loads the artifact, answers, measures; holds no label and judges nothing.

Reads ``/inputs/request.json`` and ``/inputs/artifact``, prints one JSON document.
"""

from __future__ import annotations

from answer import Refusal, take_output
from search_path import add_libraries

ANSWER = take_output()
add_libraries()

import json  # noqa: E402 - nothing may be imported before the output is safe
import math  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TypedDict  # noqa: E402

from artifact import Predictor, Raw, load  # noqa: E402
from foreign import Raised, call  # noqa: E402
from probe import probe  # noqa: E402
from rows import Column, Row, WrongValue, typed  # noqa: E402

INPUTS = Path("/inputs")
WARM_UP = 3


class Case(TypedDict):
    """Rows that are not as they should be."""

    name: str
    rows: list[Row]


class Outcome(TypedDict):
    """How the model took a case: it answered with finite numbers or others, or refused."""

    name: str
    outcome: str
    finite: bool
    detail: str


def main() -> int:
    """Answer the request; returns the exit code."""
    request = json.loads((INPUTS / "request.json").read_bytes())
    found = probe(request["bait"])
    try:
        columns = [Column(c["name"], c["type"], c["required"]) for c in request["columns"]]
        model = load(INPUTS / "artifact", request["format"], columns, request["outputKind"])
        raw = _predict(model, request["rows"], columns)
    except Refusal as refusal:
        return ANSWER.refuse(refusal)
    ANSWER.give({
        "probe": found,
        "predictions": _finite(raw.values),
        "classes": raw.classes,
        "robustness": [_try(model, columns, case) for case in request["robustness"]],
        "latencyMilliseconds": _latencies(model, columns, request["rows"], request["repeats"]),
        "peakMemoryMebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "loader": model.loader,
    })  # fmt: skip
    return 0


def _predict(model: Predictor, rows: Sequence[Row], columns: list[Column]) -> Raw:
    ended = call(lambda: model.predict(typed(rows, columns)))
    if isinstance(ended, Raised):
        raise _refusal(ended) from ended.error
    if len(ended.value.values) != len(rows):
        said = f"expected {len(rows)} answers, got {len(ended.value.values)}"
        raise Refusal("artifact.no-answer", said)
    return ended.value


def _refusal(raised: Raised) -> Refusal:
    if isinstance(raised.error, Refusal):
        return raised.error
    return Refusal("artifact.no-answer", raised.said)


def _try(model: Predictor, columns: list[Column], case: Case) -> Outcome:
    """Return how the model takes input that is not as it should be."""
    ended = call(lambda: model.predict(typed(case["rows"], columns)).values)
    if isinstance(ended, Raised):
        ours = isinstance(ended.error, WrongValue)
        return _outcome(case["name"], "refused", True, str(ended.error) if ours else ended.said)
    finite = all(math.isfinite(value) for row in ended.value for value in row)
    return _outcome(case["name"], "answered", finite, f"{len(ended.value)} answers")


def _outcome(name: str, outcome: str, finite: bool, detail: str) -> Outcome:
    return {"name": name, "outcome": outcome, "finite": finite, "detail": detail[:200]}


def _latencies(
    model: Predictor, columns: list[Column], rows: Sequence[Row], repeats: int
) -> list[float]:
    """Return the time of single predictions in milliseconds, the first few left out."""
    times = []
    for number in range(repeats + WARM_UP):
        one = typed([rows[number % len(rows)]], columns)
        started = time.perf_counter()
        model.predict(one)
        times.append((time.perf_counter() - started) * 1000)
    return times[WARM_UP:]


def _finite(values: list[list[float]]) -> list[list[float | None]]:
    """Return the values with null for what is not a finite number: the platform refuses it."""
    return [[value if math.isfinite(value) else None for value in row] for row in values]


if __name__ == "__main__":
    sys.exit(main())
