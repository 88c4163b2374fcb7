"""What is dumped reads back alike under YAML 1.1 and 1.2."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import JsonValue
from ruamel.yaml import YAML

from turnpike.rendering.dump import dump

READ_DIFFERENTLY = (
    "no", "No", "on", "off", "y", "N", "yes", "true", "TRUE", "null", "~", "", "1e3", "1E-3",
    "0o10", "010", "0x1f", "0b11", "12:30:45", "1:20", "1_000", "2026-03-02", "=",
    "2026-03-02T09:00:00Z", "<<", ".inf", "-.INF", ".nan", "nan", "inf", "+1", "-", "- a",
    "a: b", "a #b", "#a", "&a", "*a",
    "!a", "@a", "%a", "|", ">", "'", '"', "[", "{", "? a", " a", "a ", "a\n", "a\nb", "\ta", "\x00",
    "\x85", "\u2028", "\ufeff", "é", "\U0001d518", "a\\b", "Infinity", "...", "---",
)  # fmt: skip

numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(codec="utf-8")) | st.sampled_from(READ_DIFFERENTLY)
values: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
objects = st.dictionaries(texts, values, max_size=5)


def read_as_1_1(content: bytes) -> object:
    return yaml.load(content, Loader=yaml.CSafeLoader)


def read_as_1_2(content: bytes) -> object:
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    return reader.load(content)


@given(objects)
@example({"a": 1e-5, "b": 1e300, "c": -0.0})
def test_both_versions_of_yaml_read_back_what_was_dumped(value: Mapping[str, JsonValue]) -> None:
    content = dump([value], "a comment")
    assert read_as_1_1(content) == value
    assert read_as_1_2(content) == value


@pytest.mark.parametrize("text", READ_DIFFERENTLY)
def test_text_that_looks_like_another_type_stays_text(text: str) -> None:
    value = {"value": text, text: "value"}
    content = dump([value], "a comment")
    assert read_as_1_1(content) == value
    assert read_as_1_2(content) == value


@given(objects)
def test_the_file_is_ascii_and_its_first_line_is_the_comment(
    value: Mapping[str, JsonValue],
) -> None:
    content = dump([value], "a comment")
    assert content.isascii()
    assert content.startswith(b"# a comment\n")


def test_equal_values_are_written_out_each_time() -> None:
    shared: JsonValue = {"a": ["b"]}
    content = dump([{"one": shared, "two": shared}], "c")
    assert b"&" not in content
    assert b"*" not in content


def test_keys_keep_their_order_and_objects_are_separate_documents() -> None:
    content = dump([{"b": 1, "a": 2}, {"c": 3}], "c")
    assert content == b"# c\n---\nb: 1\na: 2\n---\nc: 3\n"
