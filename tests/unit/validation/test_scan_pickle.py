"""A pickle is told by its opcodes."""

from __future__ import annotations

import pickle
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnpike.validation.scan_pickle import is_pickle
from unit.validation.sound_artifact import COMPANIONS, SKOPS_MLMODEL


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_imports_is_told_in_every_protocol(protocol: int) -> None:
    assert is_pickle(pickle.dumps(OrderedDict(a=1), protocol=protocol))


@given(value=st.recursive(st.integers() | st.text(), st.lists), protocol=st.integers(2, 5))
def test_a_pickle_of_plain_data_is_told_by_its_protocol(value: object, protocol: int) -> None:
    assert is_pickle(pickle.dumps(value, protocol=protocol))


def test_what_stands_behind_a_pickle_does_not_hide_it() -> None:
    text_pickle = pickle.dumps(OrderedDict(a=1), protocol=0)
    assert is_pickle(text_pickle + b"PK\x03\x04 and more")
    assert is_pickle(text_pickle[:-1] + b"\xff\xff")


@pytest.mark.parametrize("text", [SKOPS_MLMODEL, *COMPANIONS.values(), "", "{}", "PK"])
def test_text_is_no_pickle(text: str) -> None:
    assert not is_pickle(text.encode())
