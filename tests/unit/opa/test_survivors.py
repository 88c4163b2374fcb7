"""The list of survivors says exactly what survives: no more, no less, wherever its line stands."""

from __future__ import annotations

import pytest

from turnpike.errors import InvalidDocument
from turnpike.judge.survivors import Survivor
from turnpike.opa.mutation import Fate, Mutant, Tried
from turnpike.opa.survivors import SURVIVORS_PATH, held_against, survivors_in

ENTRY = Survivor(
    rule="soak", mutation="remove condition", before="a == b", after="", reason="Both say so."
)


def tried(fate: Fate, line: int = 7, before: str = "a == b") -> Tried:
    return Tried(Mutant("soak", line, "remove condition", before, ""), fate)


def test_a_survivor_that_is_explained_is_no_gap() -> None:
    assert held_against([tried("survived", line=99)], [ENTRY]).is_clean


def test_a_survivor_without_a_reason_is_a_gap() -> None:
    held = held_against([tried("survived"), tried("survived", before="c")], [ENTRY])
    assert [one.before for one in held.unexplained] == ["c"]
    assert not held.is_clean


@pytest.mark.parametrize("fate", ["killed", "stillborn", None])
def test_an_entry_that_did_not_survive_comes_off_the_list(fate: Fate | None) -> None:
    held = held_against([tried(fate)] if fate else [], [ENTRY])
    assert held.outdated == (ENTRY,)
    assert not held.is_clean


def test_policies_without_a_list_have_no_survivor_to_explain() -> None:
    assert survivors_in({}) == ()


def test_an_entry_without_a_reason_is_refused() -> None:
    text = b"""apiVersion: turnpike.dev/v1
kind: Survivors
survivors:
  - {rule: soak, mutation: drop rule, before: deny}
"""
    with pytest.raises(InvalidDocument, match="reason"):
        survivors_in({SURVIVORS_PATH: text})
