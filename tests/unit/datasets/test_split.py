"""A split is the same everywhere, loses nothing and leaks nothing."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from turnpike.datasets.catalogue import load
from turnpike.datasets.split import split
from turnpike.datasets.table import DataTable, Row, digest_of_table
from turnpike.errors import InputError
from unit.datasets.tables import rows, table_of

_FRACTIONS = st.floats(0.1, 0.9)
_SEEDS = st.integers(0, 2**31 - 1)


def _split_or_skip(table: DataTable, fraction: float, seed: int) -> tuple[DataTable, DataTable]:
    try:
        return split(table, fraction, seed)
    except InputError:
        assume(False)
        raise


@settings(deadline=None)
@given(records=rows(), fraction=_FRACTIONS, seed=_SEEDS)
def test_every_record_is_on_exactly_one_side(
    records: tuple[Row, ...], fraction: float, seed: int
) -> None:
    training, validation = _split_or_skip(table_of(records), fraction, seed)
    assert Counter(training.rows) + Counter(validation.rows) == Counter(records)


@settings(deadline=None)
@given(records=rows(), fraction=_FRACTIONS, seed=_SEEDS, data=st.data())
def test_the_order_of_the_records_does_not_matter(
    records: tuple[Row, ...], fraction: float, seed: int, data: st.DataObject
) -> None:
    shuffled = tuple(data.draw(st.permutations(records)))
    _, validation = _split_or_skip(table_of(records), fraction, seed)
    _, again = split(table_of(shuffled), fraction, seed)
    assert Counter(again.rows) == Counter(validation.rows)


@settings(deadline=None)
@given(records=rows(least=10), fraction=_FRACTIONS, seed=_SEEDS)
def test_every_class_is_parted_by_the_fraction(
    records: tuple[Row, ...], fraction: float, seed: int
) -> None:
    table = table_of(records, "multiclass-classification")
    _, validation = _split_or_skip(table, fraction, seed)
    held = Counter(validation.column("b"))
    for label, count in Counter(table.column("b")).items():
        assert held[label] == round(count * fraction)


def test_another_seed_gives_another_split() -> None:
    table = load("sklearn:wine")
    assert split(table, 0.3, 1)[1].rows != split(table, 0.3, 2)[1].rows


def test_a_split_of_this_year_is_the_split_of_any_year() -> None:
    _, validation = split(load("sklearn:iris"), 0.3, 7)
    assert digest_of_table(validation) == (
        "sha256:7326209aafdc7b175db9581fb9e7ca9278edcdf1fbb30288a46dd39d8d939d44"
    )


@pytest.mark.parametrize("fraction", [0.0, 1.0])
def test_a_side_without_records_is_refused(fraction: float) -> None:
    with pytest.raises(InputError) as refusal:
        split(load("sklearn:iris"), fraction, 7)
    assert refusal.value.code == "data.split-empty"
