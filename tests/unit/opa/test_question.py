"""A batch is asked about in parts of about one size, and answered in its own order."""

from __future__ import annotations

import pytest

from turnpike.errors import Unavailable
from turnpike.judge.policy_input import Answer, SubjectAnswer
from turnpike.opa.question import Part, answered_in_parts
from unit.opa.small_policies import policy_input


def named(part: Part) -> Answer:
    """Return an answer in which each input is known again."""
    return Answer(results=tuple(SubjectAnswer(rules=(one.subject.id,), denials=()) for one in part))


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, []), (1, [1]), (10, [10]), (11, [6, 5]), (25, [9, 9, 7])]
)
def test_no_part_is_too_large_and_none_is_a_small_rest(count: int, sizes: list[int]) -> None:
    asked: list[int] = []

    def ask(part: Part) -> Answer:
        asked.append(len(part))
        return named(part)

    batch = tuple(policy_input(str(number)) for number in range(count))
    answer = answered_in_parts(batch, ask, 10)
    assert [one.rules for one in answer.results] == [(str(n),) for n in range(count)]
    assert sorted(asked, reverse=True) == sizes


def test_one_part_without_an_answer_leaves_all_without() -> None:
    def ask(part: Part) -> Answer:
        if part[0].subject.id != "0":
            raise Unavailable("gone")
        return named(part)

    with pytest.raises(Unavailable):
        answered_in_parts(tuple(policy_input(str(n)) for n in range(20)), ask, 10)
