"""The verbs that open release changes refuse what is not there, and open nothing then."""

from __future__ import annotations

import pytest

from unit.cli.calling import answered, refused
from unit.instance.aurora import Aurora

MODEL = "oncology/tumour-malignancy"


@pytest.mark.parametrize(
    "words",
    [
        ("retire", MODEL, "--from", "production"),
        ("retire", MODEL, "--from", "nowhere"),
        ("promote", MODEL, "--to", "staging"),
        ("promote", MODEL, "--to", "nowhere"),
        ("release", MODEL, "--to", "dev"),
        ("release", MODEL, "--to", "nowhere"),
        ("rollback", MODEL, "--in", "dev"),
        ("rollback", MODEL, "--in", "nowhere"),
        ("rollback", MODEL, "--in", "dev", "--target", "the-moon"),
    ],
)
def test_a_move_of_what_is_not_released_says_why_and_opens_nothing(
    aurora: Aurora, words: tuple[str, ...]
) -> None:
    clone = aurora.instance.monorepo
    before = answered(clone, "pr", "list")
    error = refused(clone, *words, "--as", "maria-lopez")
    assert error.exit_code in (1, 2)
    assert error.message
    assert error.solution
    assert answered(clone, "pr", "list") == before
