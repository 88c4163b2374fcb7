"""One document has one sequence of bytes: RFC 8785."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import JsonValue

from turnpike.documents.canonical import (
    canonical,
    canonical_document,
    digest_of_document,
    to_json,
)
from turnpike.documents.identifiers import digest_of
from turnpike.manifest.settings import SETTINGS, Replicas, Settings

texts = st.text(st.characters(codec="utf-8"), max_size=8)
values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


def test_the_example_of_rfc_8785_section_3_2_3_comes_out_as_printed_there() -> None:
    names: dict[str, JsonValue] = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    order = [names[key] for key in json.loads(canonical(names))]
    assert order == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_numbers_are_written_as_ecmascript_writes_them() -> None:
    assert canonical([1e30, 4.50, 2e-3, 1e-27, 100.0]) == b"[1e+30,4.5,0.002,1e-27,100]"


@given(values)
def test_canonical_bytes_read_back_and_do_not_change(value: JsonValue) -> None:
    content = canonical(value)
    assert json.loads(content) == value
    assert canonical(json.loads(content)) == content


numbers = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, -0.0, 1e-4, 9.9e-5, 1e15, 1e16, 1e21, 2.0**53, 5e-324, 0.1, -1.5, 1e15 - 0.125]
)
anything: st.SearchStrategy[JsonValue] = st.recursive(
    values | numbers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


@given(anything)
@example({"\x7f\u2028": "\x7f\u2028\x1f\b/"})
def test_the_quick_way_writes_what_the_rules_write(value: JsonValue) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, -(2**53), float("nan"), float("inf"), "\ud800"])
def test_what_the_rules_refuse_is_refused(value: JsonValue) -> None:
    with pytest.raises(rfc8785.CanonicalizationError):
        canonical(value)


@given(st.dictionaries(texts, st.integers(0, 9), min_size=2, max_size=6))
def test_the_order_in_which_fields_were_written_changes_nothing(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(dict(value))


def test_a_document_is_written_with_the_field_names_of_its_file() -> None:
    settings = Settings(
        api_version="turnpike.dev/v1", kind="Settings", replicas=Replicas(minimum=1, maximum=2)
    )
    assert canonical_document(settings) == (
        b'{"apiVersion":"turnpike.dev/v1","kind":"Settings",'
        b'"replicas":{"maximum":2,"minimum":1},"resources":null}'
    )
    assert digest_of_document(settings) == digest_of(canonical_document(settings))
    assert SETTINGS.validate_python(to_json(settings)) == settings
