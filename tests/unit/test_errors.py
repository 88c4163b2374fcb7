"""Every failure says what happened, what to do, and under which code it is known."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest

from turnpike.errors import InvalidDocument, Problem, TurnpikeError


def tree(kind: type[TurnpikeError] = TurnpikeError) -> Iterator[type[TurnpikeError]]:
    yield kind
    for child in kind.__subclasses__():
        if child.__module__ == "turnpike.errors":
            yield from tree(child)


KINDS = [kind for kind in tree() if kind is not InvalidDocument]


@pytest.mark.parametrize("kind", KINDS)
def test_a_failure_keeps_its_message_solution_and_code(kind: type[TurnpikeError]) -> None:
    error = kind("expected a, got b", solution="give a", code="own.code")
    assert (error.message, error.solution, error.code) == (
        "expected a, got b",
        "give a",
        "own.code",
    )
    assert str(error) == "expected a, got b"
    assert kind("m").code == kind.default_code


def test_no_two_kinds_share_a_code_and_all_end_in_failure() -> None:
    codes = [kind.default_code for kind in tree()]
    assert len(codes) == len(set(codes))
    assert {kind.exit_code for kind in tree()} == {1, 2, 3}


@pytest.mark.parametrize(
    ("line", "field", "told"),
    [
        (3, "name", "a.yaml:3: name: expected x, found y"),
        (0, "", "a.yaml: expected x, found y"),
        (3, "", "a.yaml:3: expected x, found y"),
    ],
)
def test_a_problem_says_where_it_is(line: int, field: str, told: str) -> None:
    assert str(Problem("a.yaml", line, field, "x", "y")) == told


def test_an_invalid_document_tells_all_its_problems() -> None:
    problems = (Problem("a", 1, "", "x", "y"), Problem("a", 2, "", "x", "z"))
    error = InvalidDocument(problems)
    assert error.problems == problems
    assert error.message.splitlines() == [str(problem) for problem in problems]
    assert error.solution


def test_an_invalid_document_passes_between_processes_with_its_problems() -> None:
    problem = Problem("a.yaml", 3, "kind", "one", "another")
    again = pickle.loads(pickle.dumps(InvalidDocument((problem,))))  # noqa: S301 - its own bytes
    assert (again.problems, again.message) == ((problem,), str(problem))
