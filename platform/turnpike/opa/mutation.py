"""How hard the policies' tests test: each rule is broken in small ways, and a test must notice.

A mutant drops a rule, flips a comparison, negates or removes a condition, or changes a constant.
It works on lines, for ``opa fmt`` puts every expression on its own. What a denial merely says is
left alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from turnpike.opa.bundle import bundle_files, rules_in, write_files
from turnpike.opa.program import Program, clean_environment

Fate = Literal["killed", "survived", "stillborn"]

_PATIENCE_SECONDS = 60.0
_FLIPS = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_COMPARISON = re.compile(r" (==|!=|<=|>=|<|>) ")
_CONSTANT = re.compile(r'"[^"\\\n]*"|\b(?:true|false)\b|(?<![\w.])\d+(?:\.\d+)?\b')
_NO_CONDITION = re.compile(r"(some|every|import|package)\b|.* := |[}\])]")
_SAYING = ("findings.denial(", "findings.note(")


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """One small change of one rule: the line (from 1), how it was broken, and into what."""

    rule: str
    line: int
    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant and what became of it; a stillborn one does not compile, and proves nothing."""

    mutant: Mutant
    fate: Fate


def mutate(rule: str, source: str) -> Iterator[tuple[Mutant, str]]:
    """Yield every mutant of a rule's source, with the whole mutated text."""
    lines = source.split("\n")
    for first, last in _rules(lines):
        dropped = Mutant(rule, first + 1, "drop rule", lines[first], "")
        yield dropped, "\n".join(lines[:first] + lines[last + 1 :])
    for number in _code_lines(lines):
        for kind, after in _variants(lines[number]):
            mutant = Mutant(rule, number + 1, kind, lines[number].strip(), after.strip())
            yield mutant, "\n".join([*lines[:number], after, *lines[number + 1 :]])


def mutation_run(
    policies: Mapping[str, bytes], program: Program, rules: tuple[str, ...] = ()
) -> tuple[Tried, ...]:
    """Try every mutant of the rules (of all, where none is named) against the rule's own tests."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        runs = [
            pool.submit(_try, policies, program, mutant, text)
            for rule in rules or rules_in(policies)
            for mutant, text in mutate(rule, policies[_path(rule)].decode())
        ]
        return tuple(run.result() for run in runs)


def _path(rule: str) -> str:
    return f"policies/{rule}/{rule}.rego"


def _rules(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of every rule of a formatted file."""
    for number, line in enumerate(lines):
        if not re.match(r"[a-z]", line) or line.startswith(("package ", "import ")):
            continue
        last = number
        if line.endswith(("{", "(", "[")):
            last = next(n for n in range(number, len(lines)) if re.match(r"[})\]]", lines[n]))
        yield number, last


def _code_lines(lines: list[str]) -> Iterator[int]:
    """Yield the lines that decide: no comment, no header, no words for people."""
    saying = False
    for number, line in enumerate(lines):
        saying = saying or any(word in line for word in _SAYING)
        if not saying and re.match(r"\t+[^#\s]|[a-z].* (if|:=) [^{]", line):
            yield number
        saying = saying and line != "\t)"


def _variants(line: str) -> Iterator[tuple[str, str]]:
    for match in _COMPARISON.finditer(line):
        yield "flip comparison", f"{line[: match.start()]} {_FLIPS[match[1]]} {line[match.end() :]}"
    for match in _CONSTANT.finditer(line):
        yield "change constant", line[: match.start()] + _other(match[0]) + line[match.end() :]
    yield from _conditions(line)


def _conditions(line: str) -> Iterator[tuple[str, str]]:
    body = line.lstrip("\t")
    head = line[: len(line) - len(body)]
    if not head:  # a rule on one line: its condition stands behind the `if`
        before, found, body = line.rpartition(" if ")
        head = before + found
        if not found:
            return
    elif _NO_CONDITION.match(body) or body.endswith((",", "[", "(", "|")):
        return
    else:
        yield "remove condition", ""
    negated = body.removeprefix("not ") if body.startswith("not ") else f"not {body}"
    yield "negate condition", head + negated


def _other(constant: str) -> str:
    if constant in ("true", "false"):
        return "false" if constant == "true" else "true"
    if constant.startswith('"'):
        return f'{constant[:-1]}~"'
    return f"{float(constant) + 1:g}"


def _try(policies: Mapping[str, bytes], program: Program, mutant: Mutant, text: str) -> Tried:
    """Run the tests of the mutant's rule alone, with what the rule stands on."""
    kept = {p: c for p, c in policies.items() if not p.endswith(".rego") or _is_near(p, mutant)}
    files = bundle_files(kept | {_path(mutant.rule): text.encode()}, with_tests=True)
    with tempfile.TemporaryDirectory(prefix="turnpike-mutant-") as name:
        write_files(Path(name), files)
        return Tried(mutant, _fate(program, Path(name)))


def _is_near(path: str, mutant: Mutant) -> bool:
    return path.startswith(("policies/library/", "policies/testing/", f"policies/{mutant.rule}/"))


def _fate(program: Program, folder: Path) -> Fate:
    command = program.command("test", "--bundle", "--format", "json", "bundle")
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=clean_environment(),
            capture_output=True,
            check=False,
            timeout=_PATIENCE_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return "killed"
    if not done.stdout.lstrip().startswith(b"["):
        return "stillborn"
    return "survived" if done.returncode == 0 else "killed"
