"""The held-out records as scoring needs them: columns to pick slices by, and the labels."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from turnpike.errors import InputError
from turnpike.manifest.validation import Operator, Slice
from turnpike.scoring.answers import Label

_COMPARE: Mapping[Operator, Callable[[int, int], bool]] = MappingProxyType(
    {
        "==": operator.eq,
        "<": operator.lt,
        "<=": operator.le,
        ">": operator.gt,
        ">=": operator.ge,
    }
)


@dataclass(frozen=True, slots=True)
class Records:
    """Columns by name and the label of each record, all of the same length."""

    columns: Mapping[str, tuple[Label, ...]]
    labels: tuple[Label, ...]

    def members(self, part: Slice) -> tuple[int, ...]:
        """Return the positions of a slice's records.

        Raises InputError where the slice names no column, or compares text with a number.
        """
        cells = self.columns.get(part.column)
        if cells is None:
            known = ", ".join(sorted(self.columns))
            raise _refusal(part, f"a column of the records ({known})", repr(part.column))
        if any(isinstance(cell, str) != isinstance(part.value, str) for cell in cells):
            raise _refusal(part, f"a value of {part.column}'s type", repr(part.value))
        holds = _COMPARE[part.operator]
        return tuple(n for n, cell in enumerate(cells) if holds(_order(cell, part.value), 0))


def _order(left: Label, right: Label) -> int:
    if isinstance(left, str) or isinstance(right, str):
        return (str(left) > str(right)) - (str(left) < str(right))
    return (left > right) - (left < right)


def _refusal(part: Slice, expected: str, actual: str) -> InputError:
    return InputError(
        f"validation.slices {part.name}: expected {expected}, found {actual}",
        code="validation.slice",
        solution="Correct the slice in model.yaml.",
    )
