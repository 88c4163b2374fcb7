"""The team run: runs the pull request's own checks against its model.

The checks share this process and may forge what it prints: the result can only ever deny.
"""

from __future__ import annotations

from answer import Refusal, take_output
from search_path import add_libraries

ANSWER = take_output()
add_libraries()

import importlib.util  # noqa: E402 - nothing may be imported before the output is safe
import inspect  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TypedDict  # noqa: E402

from artifact import Predictor, load  # noqa: E402
from foreign import Raised, call  # noqa: E402
from probe import probe  # noqa: E402
from rows import Cell, Column, typed  # noqa: E402

INPUTS = Path("/inputs")
CHECKS = Path(__file__).parent / "checks"
LONGEST = 500

NamedRow = dict[str, Cell]
Predict = Callable[[list[NamedRow]], list[Cell]]
Check = Callable[[Predict, list[NamedRow]], object]


class Result(TypedDict):
    """What one check said."""

    file: str
    name: str
    passed: bool
    expected: str
    actual: str


def main() -> int:
    """Run every check of every file; returns the exit code."""
    request = json.loads((INPUTS / "request.json").read_bytes())
    found = probe(request["bait"])
    columns = [Column(c["name"], c["type"], c["required"]) for c in request["columns"]]
    try:
        model = load(INPUTS / "artifact", request["format"], columns, request["outputKind"])
    except Refusal as refusal:
        return ANSWER.refuse(refusal)
    predict = _predict_with(model, columns)
    names = [column.name for column in columns]
    data = [dict(zip(names, row, strict=True)) for row in request["rows"]]
    results = [result for file in _files() for result in _run_file(file, predict, data)]
    ANSWER.give({"probe": found, "checks": results})
    return 0


def _predict_with(model: Predictor, columns: list[Column]) -> Predict:
    def predict(rows: list[NamedRow]) -> list[Cell]:
        """Return one answer a row: the most likely class, or the value."""
        values = [[row.get(column.name) for column in columns] for row in rows]
        return model.predict(typed(values, columns)).labels

    return predict


def _files() -> list[Path]:
    return sorted(path for path in CHECKS.glob("*.py") if path.name != "__init__.py")


def _run_file(file: Path, predict: Predict, data: list[NamedRow]) -> Iterator[Result]:
    found = call(lambda: _checks_of(file))
    if isinstance(found, Raised):
        yield _result(file, "import", False, "a module that can be imported", _said(found))
        return
    if not found.value:
        yield _result(file, "import", False, "at least one function check_*", "none")
    for name, check in found.value:
        expected = (inspect.getdoc(check) or name).splitlines()[0]
        passed, actual = _run(check, predict, [dict(row) for row in data])
        yield _result(file, name, passed, expected, actual)


def _checks_of(file: Path) -> list[tuple[str, Check]]:
    spec = importlib.util.spec_from_file_location(f"checks.{file.stem}", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    named = [(name, value) for name, value in vars(module).items() if name.startswith("check_")]
    return [(name.removeprefix("check_"), value) for name, value in named if callable(value)]


def _run(check: Check, predict: Predict, data: list[NamedRow]) -> tuple[bool, str]:
    ended = call(lambda: check(predict, data))
    if isinstance(ended, Raised):
        return False, _said(ended)
    return (False, "it returned False") if ended.value is False else (True, "it holds")


def _said(raised: Raised) -> str:
    said = str(raised.error) or "it said nothing"
    if isinstance(raised.error, AssertionError):
        return said
    return f"{type(raised.error).__name__}: {said}"


def _result(file: Path, name: str, passed: bool, expected: str, actual: str) -> Result:
    return {
        "file": file.stem.replace("_", "-"), "name": name.replace("_", "-"), "passed": passed,
        "expected": expected[:LONGEST], "actual": actual[:LONGEST],
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
