"""The one tree of failures.

TurnpikeError
├── InputError                what a person gave is wrong: exit code 2
│   ├── InvalidDocument       a file breaks its schema or the strict YAML profile
│   └── UsageError            a command was called in a way that cannot work
├── CannotDecide              the world failed, so the answer is no: exit code 3
│   ├── Unavailable           a service or tool did not answer as it must
│   ├── Interrupted           a step was stopped; running it again continues
│   └── RepositoryChanged     a compare-and-swap lost; judge again on the new base
├── IntegrityError            something is not what its digest or signature says: exit code 1
└── Defect                    Turnpike itself is wrong: exit code 3

A "no" of the judge is a Decision, never one of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class TurnpikeError(Exception):
    """Any failure that a person is told about, with the next step."""

    exit_code: ClassVar[int] = 3
    default_code: ClassVar[str] = "turnpike.error"

    def __init__(self, message: str, *, solution: str = "", code: str = "") -> None:
        """Keep what went wrong, what to do about it and the stable code of this failure."""
        super().__init__(message)
        self.message = message
        self.solution = solution
        self.code = code or self.default_code


class InputError(TurnpikeError):
    """What a person gave cannot be used."""

    exit_code = 2
    default_code = "input.invalid"


class UsageError(InputError):
    """The command was called in a way that cannot work."""

    default_code = "input.usage"


@dataclass(frozen=True, slots=True)
class Problem:
    """One place where a document is not what it must be.

    ``line`` counts from 1; 0 means that the problem has no line (a missing file, a digest).
    ``field`` is a dotted path such as ``validation.thresholds.roc_auc``; empty for the whole file.
    """

    file: str
    line: int
    field: str
    expected: str
    actual: str

    def __str__(self) -> str:
        """Say where, what was expected and what was found, on one line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} expected {self.expected}, found {self.actual}"


class InvalidDocument(InputError):
    """A document breaks the strict YAML profile or its schema; carries every problem found."""

    default_code = "document.invalid"

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep all problems; the message is one line for each."""
        super().__init__(
            "\n".join(str(problem) for problem in problems),
            solution="Correct the fields named above; docs/schemas/ has the schema of each kind.",
        )
        self.problems = problems

    def __reduce__(self) -> tuple[type[InvalidDocument], tuple[tuple[Problem, ...]]]:
        """Return what makes it again in another process."""
        return type(self), (self.problems,)


class CannotDecide(TurnpikeError):
    """The world failed in a way that leaves no safe answer but no."""

    exit_code = 3
    default_code = "world.failed"


class Unavailable(CannotDecide):
    """A service or a tool is missing, slow, or answers what it must not answer."""

    default_code = "world.unavailable"


class Interrupted(CannotDecide):
    """A step was stopped before its end; running the same command again continues it."""

    default_code = "world.interrupted"


class RepositoryChanged(CannotDecide):
    """A ref is no longer where it was when it was judged."""

    default_code = "world.repository-changed"


class IntegrityError(TurnpikeError):
    """Something is not what its digest, signature or position in the record says it is."""

    exit_code = 1
    default_code = "integrity.broken"


class Defect(TurnpikeError):
    """Turnpike broke one of its own promises; please report it with the facts named."""

    default_code = "defect"
