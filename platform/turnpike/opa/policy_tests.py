"""The policies' own tests, run by OPA on the same bundle as the gate's, with the tests in it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from turnpike.errors import Unavailable
from turnpike.opa.bundle import (
    POLICIES,
    bundle_files,
    check_folder,
    require_valid_data,
    write_files,
)
from turnpike.opa.program import Program, clean_environment

T = TypeVar("T")

_PATIENCE_SECONDS = 120.0
_TEST = ("--bundle", "--timeout", "60s", "--schema", "schemas", "bundle")
"""A busy machine takes longer than the 5 s of OPA's own, and then reports no coverage at all."""


@dataclass(frozen=True, slots=True)
class PolicyTests:
    """What ``opa test`` found: names of tests, and lines by file that no test reaches.

    OPA measures coverage only where all tests pass.
    """

    passed: tuple[str, ...]
    failed: tuple[str, ...]
    uncovered: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def is_clean(self) -> bool:
        """Tell whether there are tests, all pass and all lines are reached."""
        return bool(self.passed) and not self.failed and not self.uncovered


@checked_dataclass(frozen=True, slots=True)
class _Result:
    package: str
    name: str
    fail: bool = False
    error: JsonValue = None


@checked_dataclass(frozen=True, slots=True)
class _Place:
    row: int


@checked_dataclass(frozen=True, slots=True)
class _Span:
    start: _Place
    end: _Place


@checked_dataclass(frozen=True, slots=True)
class _File:
    not_covered: tuple[_Span, ...] = ()


@checked_dataclass(frozen=True, slots=True)
class _Coverage:
    files: dict[str, _File]


_RESULTS: TypeAdapter[list[_Result] | None] = TypeAdapter(list[_Result] | None)
_COVERAGE: TypeAdapter[_Coverage] = TypeAdapter(_Coverage)


def run_policy_tests(policies: Mapping[str, bytes], program: Program) -> PolicyTests:
    """Check the policies and their tests strictly, then run the tests and measure coverage.

    Raises InvalidDocument where something does not compile.
    """
    require_valid_data(policies)
    with tempfile.TemporaryDirectory(prefix="turnpike-policies-") as name:
        folder = Path(name)
        write_files(folder, bundle_files(policies, with_tests=True))
        check_folder(folder, program)
        results = _read(_RESULTS, _opa(program, folder, "test", *_TEST, "--format", "json"))
        failed = tuple(_name(one) for one in results or () if one.fail or one.error is not None)
        passed = tuple(_name(one) for one in results or () if _name(one) not in failed)
        if failed:
            return PolicyTests(passed, failed, ())
        coverage = _read(_COVERAGE, _opa(program, folder, "test", *_TEST, "--coverage"))
    return PolicyTests(passed, failed, tuple(sorted(_uncovered(coverage))))


def unformatted(policies: Mapping[str, bytes], program: Program) -> tuple[str, ...]:
    """Return the Rego files that ``opa fmt`` would write otherwise."""
    with tempfile.TemporaryDirectory(prefix="turnpike-policies-") as name:
        folder = Path(name)
        write_files(folder, {p: c for p, c in policies.items() if p.endswith(".rego")})
        said = _opa(program, folder, "fmt", "--list", POLICIES)
    return tuple(sorted(said.decode().split()))


def _opa(program: Program, folder: Path, *words: str) -> bytes:
    try:
        done = subprocess.run(
            program.command(*words),
            cwd=folder,
            env=clean_environment(),
            capture_output=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        message = f"expected `opa {words[0]}` to end, got: {error}"
        raise Unavailable(message, code="opa.slow") from error
    return done.stdout


def _read(kind: TypeAdapter[T], said: bytes) -> T:
    try:
        return kind.validate_json(said)
    except ValidationError as error:
        message = f"expected a report of `opa test`, got: {said[:200].decode(errors='replace')}"
        raise Unavailable(message, code="opa.wrong-shape") from error


def _name(result: _Result) -> str:
    return f"{result.package.removeprefix('data.turnpike.')}.{result.name}"


def _uncovered(coverage: _Coverage) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name, file in coverage.files.items():
        rows = {row for s in file.not_covered for row in range(s.start.row, s.end.row + 1)}
        if rows:
            yield f"{POLICIES}{name.rpartition('bundle/')[2]}", tuple(sorted(rows))
