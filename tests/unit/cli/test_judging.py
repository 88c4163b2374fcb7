"""A verb that judges says 1 for a no alone."""

from __future__ import annotations

import pytest

from turnpike.cli.judging import decides_nothing_when_broken
from turnpike.errors import CannotDecide, InputError, IntegrityError


@decides_nothing_when_broken()
def judging(error: Exception | None) -> str:
    """Judge, or fail."""
    if error:
        raise error
    return "allow"


def test_what_is_broken_is_no_decision_and_told_in_the_same_words() -> None:
    with pytest.raises(CannotDecide, match="Object 1 is corrupt") as told:
        judging(IntegrityError("Object 1 is corrupt.", solution="Fetch it.", code="git.corrupt"))
    error = told.value
    assert (error.exit_code, error.code, error.solution) == (3, "git.corrupt", "Fetch it.")


def test_everything_else_stays_as_it_is() -> None:
    assert judging(None) == "allow"
    with pytest.raises(InputError):
        judging(InputError("m"))
