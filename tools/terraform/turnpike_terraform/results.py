"""What a check found."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """`skipped` says in its detail what would help; it is never silent."""

    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Result:
    """One check of one subject, with the seconds it took."""

    check: str
    subject: str
    state: State
    detail: str = ""
    seconds: float = 0.0


Check = Callable[[], str]


class Failure(Exception):
    """A check found something; the text says what and where."""


class Unavailable(Exception):
    """A check can't run here; the text says what would help."""


def result_of(check: str, subject: str, run: Check) -> Result:
    """Run one check; what it returns is the detail of a pass."""
    started = time.monotonic()
    try:
        state, detail = State.PASSED, run()
    except Failure as failure:
        state, detail = State.FAILED, str(failure)
    except Unavailable as reason:
        state, detail = State.SKIPPED, str(reason)
    return Result(check, subject, state, detail, round(time.monotonic() - started, 1))
