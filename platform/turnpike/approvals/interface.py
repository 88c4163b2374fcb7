"""What a dialect of CODEOWNERS answers: which entries of a file apply to a path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from turnpike.approvals.glob import Glob

DialectName = Literal["github", "gitlab", "gitea"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a file that counts, as it is written there.

    ``glob`` is its pattern as a value; in a dialect of regular expressions ``expression`` is that.
    ``required`` is how many of the owners must approve; 0 where none has to. ``excludes`` takes
    the pattern's paths out of the section, whatever other lines of it say.
    """

    line: int
    pattern: str
    owners: tuple[str, ...]
    required: int
    section: str | None = None
    glob: Glob | None = None
    excludes: bool = False
    expression: str = ""


@dataclass(frozen=True, slots=True)
class Ignored:
    """A line, or a part of one, that the host leaves out or reads in a way nobody would guess."""

    line: int
    code: str
    expected: str
    actual: str
    solution: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a file says of one path, in one section: the line that decides, owners as written."""

    line: int
    pattern: str
    owners: tuple[str, ...]
    required: int
    section: str | None = None


class OwnersFile(Protocol):
    """A parsed CODEOWNERS file."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Return the lines that count, in their order."""
        ...

    @property
    def ignored(self) -> tuple[Ignored, ...]:
        """Return what the host does not read as it is meant."""
        ...

    def entries_of(self, path: str) -> tuple[Entry, ...]:
        """Return what is said of a path: one entry for each section that applies; maybe none."""
        ...


class Dialect(Protocol):
    """How one kind of Git host reads CODEOWNERS."""

    @property
    def name(self) -> DialectName:
        """Return the host's kind."""
        ...

    @property
    def locations(self) -> tuple[str, ...]:
        """Return where the host looks for the file; the first that exists is the one."""
        ...

    def parse(self, text: str) -> OwnersFile:
        """Return the file; no text is too odd, lines that the host skips are left out."""
        ...
