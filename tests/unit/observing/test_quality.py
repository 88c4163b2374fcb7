"""Answers are worth what scikit-learn says of them; of two values the worse one is kept."""

from __future__ import annotations

import pytest

from turnpike.evidence.predicates import MetricValue
from turnpike.observing.quality import HeldOut, is_worse, quality_of, worse_of

CLASSES = HeldOut(rows=({"x": 1.0},) * 4, labels=(0, 0, 1, 1), is_regression=False)
VALUES = HeldOut(rows=({"x": 1.0},) * 3, labels=(1.0, 2.0, 3.0), is_regression=True)


def value(metric: str, number: float) -> MetricValue:
    return MetricValue(slice="overall", metric=metric, value=number, records=4)


def test_classes_are_compared_with_their_labels() -> None:
    found = {one.metric: one.value for one in quality_of(CLASSES, (0, 1, 1, 1))}
    assert found["accuracy"] == 0.75
    assert "roc_auc" not in found


def test_values_are_compared_with_their_labels() -> None:
    found = {one.metric: one.value for one in quality_of(VALUES, (1.0, 2.0, 4.0))}
    assert found["mae"] == pytest.approx(1 / 3)


def test_a_class_that_no_record_has_is_wrong() -> None:
    (accuracy,) = (o for o in quality_of(CLASSES, (0, 0, 1, 7)) if o.metric == "accuracy")
    assert (accuracy.value, accuracy.records, accuracy.slice) == (0.75, 4, "overall")


@pytest.mark.parametrize("answers", [(), (0, 1)])
def test_without_an_answer_for_each_record_nothing_is_measured(answers: tuple[int, ...]) -> None:
    assert quality_of(CLASSES, answers) == ()


def test_of_each_metric_the_worse_value_is_kept() -> None:
    one = (value("accuracy", 0.9), value("rmse", 50.0))
    other = (value("accuracy", 0.8), value("rmse", 40.0), value("r2", 0.5))
    kept = {found.metric: found.value for found in worse_of(one, other)}
    assert kept == {"accuracy": 0.8, "rmse": 50.0, "r2": 0.5}
    assert worse_of(one, ()) == one


def test_lower_is_worse_except_of_errors() -> None:
    assert is_worse(value("accuracy", 0.1), value("accuracy", 0.2))
    assert is_worse(value("mae", 0.2), value("mae", 0.1))
