"""Holds what a model answered against the outputs that its signature declares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from turnpike.evidence.predicates import Check
from turnpike.manifest.signature import Column
from turnpike.scoring.answers import UNKNOWN, Answers, ClassAnswers, Label

_SUM_TOLERANCE = 1e-4


def signature_check(outputs: Sequence[Column], answers: Answers) -> Check:
    """Return whether every answer is of the one declared output: its type, and within its bounds.

    Probabilities must be shares of one; the class that is chosen by them is the output.
    """
    problem = next(_problems(outputs, answers), None)
    expected = ", ".join(f"{c.name}: {c.type}{_bounds(c)}" for c in outputs)
    return Check(
        name="signature",
        passed=problem is None,
        expected=expected[:500],
        actual=(problem or "every answer so")[:500],
    )


def _problems(outputs: Sequence[Column], answers: Answers) -> Iterator[str]:
    if len(outputs) != 1:
        yield f"{len(outputs)} declared outputs, where one answer a record is given"
        return
    if isinstance(answers, ClassAnswers):
        yield from _of_probabilities(answers)
        if UNKNOWN in answers.chosen:
            yield "an answer that is the class of no record"
    for value in _values(answers):
        if not _is_of(outputs[0], value):
            yield f"{value!r}"


def _of_probabilities(answers: ClassAnswers) -> Iterator[str]:
    for number, row in enumerate(answers.probabilities or ()):
        if min(row) < 0 or max(row) > 1 or abs(sum(row) - 1) > _SUM_TOLERANCE:
            yield f"record {number}: probabilities that are no shares of one: {row[:4]}"


def _values(answers: Answers) -> Iterator[Label]:
    if isinstance(answers, ClassAnswers):
        yield from answers.classes
    else:
        yield from answers.values


def _is_of(column: Column, value: Label) -> bool:
    if isinstance(value, str) or column.type == "string":
        return isinstance(value, str) and column.type == "string"
    if column.type == "long" and value != int(value):
        return False
    if column.type == "boolean":
        return isinstance(value, bool)
    low, high = column.minimum, column.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def _bounds(column: Column) -> str:
    if column.minimum is None and column.maximum is None:
        return ""
    low = "-" if column.minimum is None else f"{column.minimum:g}"
    high = "-" if column.maximum is None else f"{column.maximum:g}"
    return f" from {low} to {high}"
