"""Raw predictions as what they mean: a class for each record, or a number for each record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from turnpike.errors import InputError

Label = int | float | bool | str
UNKNOWN = -1
"""The position of a class that no record has: such an answer is wrong, whatever the label."""


@dataclass(frozen=True, slots=True)
class ClassAnswers:
    """One class for each record: ``chosen`` are positions in ``classes``, which are sorted.

    ``probabilities`` has one row a record in the order of ``classes``; None where the model names
    classes only.
    """

    classes: tuple[Label, ...]
    chosen: tuple[int, ...]
    probabilities: tuple[tuple[float, ...], ...] | None

    def at(self, places: Sequence[int]) -> ClassAnswers:
        """Return the answers for some of the records."""
        shares = self.probabilities
        picked = None if shares is None else tuple(shares[place] for place in places)
        return ClassAnswers(self.classes, tuple(self.chosen[place] for place in places), picked)


@dataclass(frozen=True, slots=True)
class ValueAnswers:
    """One number for each record."""

    values: tuple[float, ...]

    def at(self, places: Sequence[int]) -> ValueAnswers:
        """Return the answers for some of the records."""
        return ValueAnswers(tuple(self.values[place] for place in places))


Answers = ClassAnswers | ValueAnswers


def value_answers(rows: Sequence[Sequence[float]]) -> ValueAnswers:
    """Return the answers of a regression; raises InputError unless each row is one number."""
    _require_width(rows, 1)
    return ValueAnswers(tuple(float(row[0]) for row in rows))


def class_answers(
    rows: Sequence[Sequence[float]],
    named: Sequence[Label] | None,
    labels: Sequence[Label],
) -> ClassAnswers:
    """Return the answers of a classification.

    Rows of one number without ``named`` classes are the classes themselves; other rows are
    probabilities in the order of ``named``, or of the sorted labels where the model names none.
    Raises InputError where the rows fit neither.
    """
    if named is None and all(len(row) == 1 for row in rows):
        return chosen_classes([row[0] for row in rows], labels)
    classes = tuple(named) if named is not None else tuple(sorted(set(labels), key=_order))
    _require_width(rows, len(classes))
    return _of_probabilities(rows, classes)


def chosen_classes(answers: Sequence[Label], labels: Sequence[Label]) -> ClassAnswers:
    """Return answers that are classes themselves, without probabilities."""
    known = sorted(set(labels), key=_order)
    places = {label: place for place, label in enumerate(known)}
    return ClassAnswers(tuple(known), tuple(places.get(one, UNKNOWN) for one in answers), None)


def _of_probabilities(rows: Sequence[Sequence[float]], classes: tuple[Label, ...]) -> ClassAnswers:
    order = sorted(range(len(classes)), key=lambda place: _order(classes[place]))
    shares = tuple(tuple(float(row[place]) for place in order) for row in rows)
    chosen = tuple(max(range(len(row)), key=row.__getitem__) for row in shares)
    return ClassAnswers(tuple(classes[place] for place in order), chosen, shares)


def _order(label: Label) -> tuple[bool, float, str]:
    """Sort numbers by value and texts after them, so that mixed labels have one order as well."""
    is_text = isinstance(label, str)
    return is_text, 0.0 if is_text else float(label), str(label)


def _require_width(rows: Sequence[Sequence[float]], width: int) -> None:
    for number, row in enumerate(rows):
        if len(row) != width:
            raise InputError(
                f"prediction {number}: expected {width} numbers, found {len(row)}",
                code="validation.output-shape",
                solution="Make the model answer one number, or one probability a class.",
            )
