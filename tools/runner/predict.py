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
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

from artifact import Predictor, Raw, load  # noqa: E402
from probe import probe  # noqa: E402
from rows import Column, WrongValue, typed  # noqa: E402

INPUTS = Path("/inputs")
WARM_UP = 3


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
        "latencyMilliseconds": _latencies(model, columns, request),
        "peakMemoryMebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "loader": model.loader,
    })  # fmt: skip
    return 0


def _predict(model: Predictor, rows: list[list[Any]], columns: list[Column]) -> Raw:
    try:
        raw = model.predict(typed(rows, columns))
    except Refusal:
        raise
    except Exception as error:
        raise Refusal("artifact.no-answer", f"{type(error).__name__}: {error}") from error
    return Raw(_matching(raw.values, len(rows)), raw.labels, raw.classes)


def _matching(values: list[list[Any]], rows: int) -> list[list[Any]]:
    if len(values) != rows:
        raise Refusal("artifact.no-answer", f"expected {rows} answers, got {len(values)}")
    return values


def _try(model: Predictor, columns: list[Column], case: dict[str, Any]) -> dict[str, Any]:
    """Return how the model takes input that is not as it should be."""
    try:
        values = model.predict(typed(case["rows"], columns)).values
    except Exception as error:  # noqa: BLE001 - a refusal of any kind is an outcome
        kind = "" if isinstance(error, WrongValue) else f"{type(error).__name__}: "
        return _outcome(case["name"], "refused", True, f"{kind}{error}")
    finite = all(math.isfinite(value) for row in values for value in row)
    return _outcome(case["name"], "answered", finite, f"{len(values)} answers")


def _outcome(name: str, outcome: str, finite: bool, detail: str) -> dict[str, Any]:
    return {"name": name, "outcome": outcome, "finite": finite, "detail": detail[:200]}


def _latencies(model: Predictor, columns: list[Column], request: dict[str, Any]) -> list[float]:
    """Return the time of single predictions in milliseconds, the first few left out."""
    rows = request["rows"]
    times = []
    for number in range(request["repeats"] + WARM_UP):
        one = typed([rows[number % len(rows)]], columns)
        started = time.perf_counter()
        model.predict(one)
        times.append((time.perf_counter() - started) * 1000)
    return times[WARM_UP:]


def _finite(values: list[list[Any]]) -> list[list[Any]]:
    """Return the values with null for what is not a finite number: the platform refuses it."""
    return [[value if math.isfinite(value) else None for value in row] for row in values]


if __name__ == "__main__":
    sys.exit(main())
