"""Runbook pages of faults, carried out: the commands that run are those that stand on the page.

A page begins with a block that sets variables, by which whoever is called puts their own case in.
Here each world gives those values in one place; everything else runs as it is written.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "runbooks"
SECTIONS = ("Look", "Help", "Over when")
_FENCED = re.compile(r"^(?P<indent> *)```sh\n(?P<text>.*?)^ *```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_LONGEST_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Block:
    """Commands of one fence, and the section that it stands in; before the first one: empty."""

    section: str
    commands: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Where the commands run: a folder, the whole environment, and the values of the variables."""

    folder: Path
    environ: Mapping[str, str]
    values: Mapping[str, str]


@dataclass
class Page:
    """A page that is being carried out; ``said`` is what its commands printed so far."""

    name: str
    shell: Shell
    blocks: tuple[Block, ...]
    done: list[Block] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def run(self, section: str, *codes: int) -> str:
        """Run a section's blocks in their order; return what they printed.

        ``codes`` are the exit codes of the blocks where they are not all 0.
        """
        blocks = [one for one in self.blocks if one.section == section]
        expected = codes or (0,) * len(blocks)
        assert len(expected) == len(blocks), f"{self.name}: {section} has {len(blocks)} blocks"
        return "\n".join(map(self._run, blocks, expected))

    def step(self, section: str, code: int = 0) -> str:
        """Run the next block of a section, where something happens between them; see ``run``."""
        waiting = [one for one in self.left() if one.section == section]
        assert waiting, f"{self.name}: {section} has no block that was not run"
        return self._run(waiting[0], code)

    def left(self) -> tuple[Block, ...]:
        """Return the blocks that have not run."""
        return tuple(one for one in self.blocks if one.section and one not in self.done)

    def _run(self, block: Block, code: int) -> str:
        script = f"set -euo pipefail\n{self._assignments()}\n{block.commands}"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.shell.folder,
            env=dict(self.shell.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_LONGEST_SECONDS,
        )
        told = f"{self.name}, {block.section}:\n{block.commands}exit code {done.returncode}"
        assert done.returncode == code, f"{told}, expected {code}:\n{done.stdout}"
        self.done.append(block)
        self.said.append(f"{told}\n{done.stdout}")
        return done.stdout

    def _assignments(self) -> str:
        """Return the page's first block with this world's values for its examples."""
        first = next((one for one in self.blocks if not one.section), Block("", ""))
        words = [assigned(word) for word in shlex.split(first.commands, comments=True)]
        return "\n".join(
            f'{name}="{example}"' if "$" in example else f"{name}={self._value(name)}"
            for name, example in words
        )

    def _value(self, name: str) -> str:
        assert name in self.shell.values, f"{self.name}: no value is declared for ${name}"
        return shlex.quote(self.shell.values[name])


def assigned(word: str) -> tuple[str, str]:
    """Return the name and the value of an assignment, the only thing a first block may hold."""
    name, sign, value = word.partition("=")
    assert sign, f"expected an assignment, got {word!r}"
    assert name.isidentifier(), f"expected the name of a variable, got {name!r}"
    return name, value


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return a page's fenced commands in their order."""
    headings = [(found.start(), found[1]) for found in _HEADING.finditer(text)]
    return tuple(
        Block(
            next((name for at, name in reversed(headings) if at < found.start()), ""),
            textwrap.dedent(found["text"]),
        )
        for found in _FENCED.finditer(text)
    )


@contextmanager
def carried_out(name: str, shell: Shell) -> Iterator[Page]:
    """Open a page for one test; where it ends without a failure, every command must have run."""
    page = Page(name, shell, blocks_of((FOLDER / f"{name}.md").read_text("utf-8")))
    yield page
    assert not page.left(), f"{name}: these commands were not run: {page.left()}"
