"""Any Python may start a script of tools/bench: packages are asked for in the core alone."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import turnpike

BENCH = Path(turnpike.__file__).parents[2] / "tools" / "bench"
SCRIPTS = [file for file in sorted(BENCH.glob("*.py")) if file.read_bytes().startswith(b"#!")]


def modules_needed_at_once(file: Path) -> Iterator[str]:
    """Yield the first word of every module that a file imports before any of its functions runs."""
    for statement in ast.parse(file.read_bytes()).body:
        if isinstance(statement, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom) and statement.module:
            yield statement.module.partition(".")[0]


def beyond_the_library(file: Path) -> set[str]:
    """Return what a file needs at once that a bare Python lacks, through its neighbours too."""
    found: set[str] = set()
    for name in set(modules_needed_at_once(file)) - sys.stdlib_module_names:
        neighbour = BENCH / f"{name}.py"
        found |= beyond_the_library(neighbour) if neighbour.exists() else {name}
    return found


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_starts_without_any_package(script: Path) -> None:
    assert beyond_the_library(script) == set()


def test_there_are_scripts_and_what_they_measure_with_needs_packages() -> None:
    assert {"gate.py", "promotion.py"} <= {script.name for script in SCRIPTS}
    assert "turnpike" in beyond_the_library(BENCH / "workload.py")
