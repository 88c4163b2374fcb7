"""Metrics are right on records worked out by hand, and absent where they are undefined."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.scoring.answers import class_answers, value_answers
from turnpike.scoring.metrics import measure

_LABELS = st.lists(st.integers(0, 2), min_size=1, max_size=30)
_PAIRS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=30)


def test_a_binary_classifier_worked_out_by_hand() -> None:
    labels = [0, 0, 1, 1, 1]
    shares = [[0.9, 0.1], [0.4, 0.6], [0.3, 0.7], [0.8, 0.2], [0.1, 0.9]]
    found = measure(labels, class_answers(shares, [0, 1], labels))
    assert found["accuracy"] == pytest.approx(3 / 5)
    assert found["recall"] == pytest.approx(2 / 3)
    assert found["balanced_accuracy"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert found["f1_macro"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    # Of the six pairs of a 1 and a 0, five have the 1 above the 0.
    assert found["roc_auc"] == pytest.approx(5 / 6)
    surprise = sum(-math.log(p) for p in (0.9, 0.4, 0.7, 0.2, 0.9)) / 5
    assert found["log_loss"] == pytest.approx(surprise)


def test_a_regression_worked_out_by_hand() -> None:
    found = measure([1.0, 2.0, 3.0], value_answers([[1.0], [2.0], [5.0]]))
    assert found["mae"] == pytest.approx(2 / 3)
    assert found["rmse"] == pytest.approx(math.sqrt(4 / 3))
    assert found["r2"] == pytest.approx(1 - 4 / 2)


def test_shares_in_single_precision_count_as_shares_of_one() -> None:
    labels = [0, 1, 2]
    shares = [[0.90002, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]]
    found = measure(labels, class_answers(shares, [0, 1, 2], labels))
    assert found["roc_auc"] == 1.0


def test_no_records_have_no_metrics() -> None:
    assert measure([], value_answers([])) == {}


def test_equal_labels_have_no_r2() -> None:
    assert set(measure([1.0, 1.0], value_answers([[1.0], [2.0]]))) == {"mae", "rmse"}


def test_a_missing_class_leaves_roc_auc_undefined_and_a_missing_positive_recall() -> None:
    answers = class_answers([[0.9, 0.1], [0.2, 0.8]], [0, 1], [0, 1])
    found = measure([0, 0], answers)
    assert "roc_auc" not in found
    assert "recall" not in found
    assert found["accuracy"] == 0.5


def test_plain_answers_have_no_metric_of_probabilities() -> None:
    found = measure([0, 1], class_answers([[0.0], [1.0]], None, [0, 1]))
    assert not {"roc_auc", "log_loss"} & set(found)


def test_a_label_that_the_model_never_heard_of_is_always_missed() -> None:
    answers = class_answers([[0.9, 0.1], [0.9, 0.1]], [0, 1], [0, 2])
    found = measure([0, 2], answers)
    assert found["accuracy"] == 0.5
    assert not {"roc_auc", "log_loss"} & set(found)


@settings(deadline=None)
@given(labels=_LABELS)
def test_right_answers_are_perfect(labels: list[int]) -> None:
    shares = [[1.0 if place == label else 0.0 for place in range(3)] for label in labels]
    found = measure(labels, class_answers(shares, [0, 1, 2], labels))
    assert found["accuracy"] == found["balanced_accuracy"] == found["f1_macro"] == 1.0
    assert found["log_loss"] == pytest.approx(0.0, abs=1e-9)
    assert found.get("roc_auc", 1.0) == 1.0


@settings(deadline=None)
@given(pairs=_PAIRS, data=st.data())
def test_the_order_of_the_records_does_not_matter(
    pairs: list[tuple[int, int]], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(pairs))
    first, second = (
        measure(
            [label for label, _ in some], class_answers([[a] for _, a in some], None, [0, 1, 2])
        )
        for some in (pairs, shuffled)
    )
    assert first == pytest.approx(second)


@settings(deadline=None)
@given(pairs=_PAIRS)
def test_every_metric_is_a_finite_number(pairs: list[tuple[int, int]]) -> None:
    labels = [label for label, _ in pairs]
    found = measure(labels, class_answers([[answer] for _, answer in pairs], None, [0, 1, 2]))
    assert all(math.isfinite(value) for value in found.values())
