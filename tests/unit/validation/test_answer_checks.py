"""Answers keep to the one output that the signature declares."""

from __future__ import annotations

import pytest

from turnpike.manifest.signature import Column, ColumnType
from turnpike.scoring.answers import class_answers, value_answers
from turnpike.validation.answer_checks import signature_check


def _column(kind: ColumnType, low: float | None = None, high: float | None = None) -> Column:
    return Column(name="y", type=kind, minimum=low, maximum=high)


@pytest.mark.parametrize(
    ("column", "value", "passed"),
    [
        (_column("double"), 1.5, True),
        (_column("double", 0.0, 2.0), 2.0, True),
        (_column("double", 0.0, 2.0), 2.1, False),
        (_column("double", 0.0), -0.1, False),
        (_column("long"), 3.0, True),
        (_column("long"), 3.5, False),
        (_column("boolean"), 1.0, False),
        (_column("string"), 1.0, False),
    ],
)
def test_values_are_of_the_declared_type_and_within_its_bounds(
    column: Column, value: float, passed: bool
) -> None:
    assert signature_check([column], value_answers([[value]])).passed is passed


@pytest.mark.parametrize(
    ("shares", "passed"),
    [
        ([0.25, 0.75], True),
        ([0.25, 0.7502], False),
        ([0.5, 0.4], False),
        ([-0.5, 1.5], False),
        ([0.0, 1.0], True),
    ],
)
def test_probabilities_are_shares_of_one(shares: list[float], passed: bool) -> None:
    answers = class_answers([shares], [0, 1], [0, 1])
    assert signature_check([_column("long", 0.0, 1.0)], answers).passed is passed


def test_a_class_beyond_the_declared_bounds_is_refused_even_if_never_chosen() -> None:
    answers = class_answers([[1.0, 0.0]], [0, 7], [0])
    check = signature_check([_column("long", 0.0, 1.0)], answers)
    assert (check.passed, check.actual) == (False, "7")


def test_text_classes_are_strings() -> None:
    answers = class_answers([[1.0, 0.0]], ["a", "b"], ["a", "b"])
    assert signature_check([_column("string")], answers).passed
    assert not signature_check([_column("long")], answers).passed


def test_an_answer_that_is_the_class_of_no_record_is_refused() -> None:
    answers = class_answers([[0.5]], None, [0, 1])
    assert "the class of no record" in signature_check([_column("long")], answers).actual


@pytest.mark.parametrize("number", [0, 2])
def test_any_number_of_outputs_but_one_is_refused(number: int) -> None:
    check = signature_check([_column("double")] * number, value_answers([[1.0]]))
    assert not check.passed
