"""Reads the attacks and faults of docs/threat-model.md, each with the test that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PRODUCT = Path(__file__).resolve().parents[2]
PAGE = PRODUCT / "docs" / "threat-model.md"
KINDS = {"## Attacks": "attack", "## Faults": "fault"}
_TEST = re.compile(r"\[`[^`]+`\]\(\.\./(?P<file>[^)]+)\) `(?P<name>test_\w+)`")


@dataclass(frozen=True, slots=True)
class Shown:
    """A test: the file that it stands in, from the root, and its name."""

    file: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """An attack or a fault: in words, by which codes it is refused, and what shows it."""

    kind: str
    what: str
    codes: tuple[str, ...]
    tests: tuple[Shown, ...]


def rows() -> Iterator[Row]:
    """Yield the rows of both lists, in their order."""
    kind = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind = KINDS.get(line, "")
        elif kind and line.startswith("| ") and not line.startswith(("| attack |", "| fault |")):
            what, refused, shown = (cell.strip() for cell in line.strip("|").split(" | "))
            tests = tuple(Shown(m["file"], m["name"]) for m in _TEST.finditer(shown))
            yield Row(kind, what, tuple(re.findall(r"`([^`]+)`", refused)), tests)


def counted(passed: frozenset[Shown], failed: frozenset[Shown]) -> tuple[str, ...]:
    """Say how many attacks and faults these tests met, and how many of them ended well."""
    ends = {"attack": "refused", "fault": "ended in the old or the new state"}
    said = []
    for kind, end in ends.items():
        met = [r for r in rows() if r.kind == kind and set(r.tests) & (passed | failed)]
        well = [r for r in met if not set(r.tests) & failed]
        said.append(f"{len(met)} {kind}s, {len(well)} {end}")
    return tuple(said)
