"""Rows that no caller should send and that some caller will: missing, out of range, mistyped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from turnpike.evidence.predicates import Check
from turnpike.manifest.signature import Column, Signature
from turnpike.validation.programs import Cell, RobustnessCase, RobustnessResult

MISSING, OUT_OF_RANGE, MISTYPED = "missing", "out-of-range", "mistyped"
_KINDS = (MISSING, OUT_OF_RANGE, MISTYPED)
_FAR = 1e12
_FARTHEST_INTEGER = 2**53
_MISTYPED: dict[str, Cell] = {
    "double": "not a number", "long": 0.5, "boolean": "maybe", "string": 1.5,
}  # fmt: skip

_Row = tuple[Cell, ...]


def robustness_cases(signature: Signature, row: Sequence[Cell]) -> tuple[RobustnessCase, ...]:
    """Return one case for each kind and input, made from a sound row.

    A case is named ``<kind>:<position>``, since the names of inputs may be long.
    """
    return tuple(
        RobustnessCase(name=f"{kind}:{place}", rows=tuple(_with(row, place, cells)))
        for kind in _KINDS
        for place, column in enumerate(signature.inputs)
        if (cells := _cells(kind, column))
    )


def robustness_checks(
    signature: Signature, results: Sequence[RobustnessResult]
) -> tuple[Check, ...]:
    """Return one check for each kind: a model refuses such a row, or answers with finite numbers.

    A mistyped value must be refused: to answer it means to have read it as something else.
    """
    return tuple(_check(kind, signature, results) for kind in _KINDS)


def _check(kind: str, signature: Signature, results: Sequence[RobustnessResult]) -> Check:
    tried = [result for result in results if result.name.startswith(f"{kind}:")]
    failed = [result for result in tried if not _is_sound(kind, result)]
    expected = "refused" if kind == MISTYPED else "refused, or answered with finite numbers"
    actual = f"{len(tried) - len(failed)} of {len(tried)} inputs so"
    if failed:
        place = int(failed[0].name.partition(":")[2])
        name = signature.inputs[place].name
        actual += f"; {name} was {failed[0].outcome}: {failed[0].detail}"
    return Check(
        name=f"robustness {kind}", passed=not failed, expected=expected, actual=actual[:500]
    )


def _is_sound(kind: str, result: RobustnessResult) -> bool:
    if kind == MISTYPED:
        return result.outcome == "refused"
    return result.outcome == "refused" or result.finite


def _with(row: Sequence[Cell], place: int, cells: Sequence[Cell]) -> Iterator[_Row]:
    for cell in cells:
        yield (*row[:place], cell, *row[place + 1 :])


def _cells(kind: str, column: Column) -> tuple[Cell, ...]:
    if kind == OUT_OF_RANGE:
        return _out_of_range(column)
    return (None,) if kind == MISSING else (_MISTYPED[column.type],)


def _out_of_range(column: Column) -> tuple[Cell, ...]:
    """Return values beyond the declared bounds, or far out where none is declared."""
    if column.type == "double":
        span = 1.0 + abs(column.maximum or 0.0) + abs(column.minimum or 0.0)
        low = -_FAR if column.minimum is None else column.minimum - span
        high = _FAR if column.maximum is None else column.maximum + span
        return (low, high)
    if column.type == "long":
        low_bound, high_bound = column.minimum, column.maximum
        below = -_FARTHEST_INTEGER if low_bound is None else int(low_bound) - 1
        above = _FARTHEST_INTEGER if high_bound is None else int(high_bound) + 1
        return (below, above)
    return ()
