"""Metrics of one set of records, by scikit-learn's definitions of the same names.

A metric that the records leave undefined is not there: ``roc_auc`` where a class is missing,
``r2`` where all labels are equal, anything that needs probabilities where there are none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from turnpike.manifest.validation import Metric
from turnpike.scoring.answers import Answers, ClassAnswers, Label, ValueAnswers

NEEDS_PROBABILITIES: frozenset[Metric] = frozenset(("log_loss", "roc_auc"))
"""The metrics that the names of classes alone do not give."""


def measure(labels: Sequence[Label], answers: Answers) -> Mapping[Metric, float]:
    """Return every metric that is defined for these records, by name."""
    if not labels:
        return {}
    if isinstance(answers, ValueAnswers):
        return _of_values([float(label) for label in labels], answers.values)
    places = {label: place for place, label in enumerate(answers.classes)}
    unknown = len(places)
    truth = [places.get(label, unknown) for label in labels]
    return {**_of_classes(truth, answers), **_of_probabilities(truth, answers)}


def _of_values(truth: list[float], values: Sequence[float]) -> Mapping[Metric, float]:
    from sklearn import metrics

    found: dict[Metric, float] = {
        "mae": float(metrics.mean_absolute_error(truth, values)),
        "rmse": float(metrics.root_mean_squared_error(truth, values)),
    }
    if len(set(truth)) > 1:
        found["r2"] = float(metrics.r2_score(truth, values))
    return found


def _of_classes(truth: list[int], answers: ClassAnswers) -> Mapping[Metric, float]:
    from sklearn import metrics

    chosen, present = answers.chosen, sorted(set(truth))
    positive = [1] if len(answers.classes) == 2 else present

    def recall(over: list[int]) -> float:
        found = metrics.recall_score(truth, chosen, labels=over, average="macro", zero_division=0.0)
        return float(found)

    found: dict[Metric, float] = {
        "accuracy": float(metrics.accuracy_score(truth, chosen)),
        "balanced_accuracy": recall(present),
        "f1_macro": float(metrics.f1_score(truth, chosen, average="macro", zero_division=0.0)),
    }
    if set(positive) <= set(present):
        found["recall"] = recall(positive)
    return found


def _of_probabilities(truth: list[int], answers: ClassAnswers) -> Mapping[Metric, float]:
    from sklearn import metrics

    classes = list(range(len(answers.classes)))
    if answers.probabilities is None or len(classes) < 2 or max(truth) >= len(classes):
        return {}
    # Single precision sums to one only roughly, and scikit-learn insists on it.
    shares = [[share / (sum(row) or 1.0) for share in row] for row in answers.probabilities]
    found: dict[Metric, float] = {
        "log_loss": float(metrics.log_loss(truth, shares, labels=classes))
    }
    if set(truth) == set(classes):
        scores = [row[1] for row in shares] if len(classes) == 2 else shares
        found["roc_auc"] = float(
            metrics.roc_auc_score(truth, scores, multi_class="ovr", labels=classes)
        )
    return found
