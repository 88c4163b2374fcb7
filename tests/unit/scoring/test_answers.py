"""Raw predictions become classes or values, or are refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.errors import InputError
from turnpike.scoring.answers import UNKNOWN, class_answers, value_answers

_SHARES = st.lists(
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=20
)


def test_plain_answers_are_the_classes_themselves() -> None:
    found = class_answers([[2.0], [0.0], [7.0]], None, [0, 1, 2])
    assert (found.classes, found.chosen) == ((0, 1, 2), (2, 0, UNKNOWN))
    assert found.probabilities is None


def test_an_answer_between_two_classes_is_no_class() -> None:
    assert class_answers([[0.5], [1.0]], None, [0, 1]).chosen == (UNKNOWN, 1)


def test_probabilities_follow_the_sorted_classes_whatever_order_the_model_names() -> None:
    found = class_answers([[0.7, 0.2, 0.1]], ["b", "c", "a"], ["a", "b", "c"])
    assert found.classes == ("a", "b", "c")
    assert found.probabilities == ((0.1, 0.7, 0.2),)
    assert found.chosen == (1,)


def test_unnamed_probabilities_are_in_the_order_of_the_sorted_labels() -> None:
    assert class_answers([[0.2, 0.8], [0.9, 0.1]], None, [1, 0]).chosen == (1, 0)


@settings(deadline=None)
@given(shares=_SHARES, data=st.data())
def test_the_order_in_which_a_model_names_its_classes_does_not_matter(
    shares: list[tuple[float, float, float]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(3)))
    straight = class_answers(shares, [0, 1, 2], [0, 1, 2])
    turned = class_answers([[row[n] for n in order] for row in shares], order, [0, 1, 2])
    assert turned.probabilities == straight.probabilities


@pytest.mark.parametrize(
    ("rows", "named"), [([[0.5, 0.5]], [0, 1, 2]), ([[1.0]], [0, 1]), ([[0.1, 0.2, 0.7]], None)]
)
def test_rows_of_another_width_than_the_classes_are_refused(
    rows: list[list[float]], named: list[int] | None
) -> None:
    with pytest.raises(InputError) as refusal:
        class_answers(rows, named, [0, 1])
    assert refusal.value.code == "validation.output-shape"


def test_a_regression_answers_one_number_a_record() -> None:
    assert value_answers([[1.5], [2.0]]).values == (1.5, 2.0)
    with pytest.raises(InputError, match="prediction 1: expected 1 numbers, found 2"):
        value_answers([[1.0], [2.0, 3.0]])


def test_some_of_the_answers_are_picked_by_position() -> None:
    answers = class_answers([[0.2, 0.8], [0.9, 0.1]], [0, 1], [0, 1])
    assert answers.at([1]).probabilities == ((0.9, 0.1),)
    assert value_answers([[1.0], [2.0]]).at([1, 0]).values == (2.0, 1.0)
