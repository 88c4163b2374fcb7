"""The strict profile refuses what two readers could read differently, and says on which line."""

from __future__ import annotations

import contextlib
import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue
from ruamel.yaml import YAML

from turnpike.documents.strict_yaml import parse
from turnpike.errors import InvalidDocument, Problem

REFUSED = {
    "a: 1\na: 2\n": (2, "a", "each key once"),
    "a:\n  b: 1\n  b: 2\n": (3, "a.b", "each key once"),
    "a: 1\n'a': 2\n": (2, "a", "each key once"),
    "a: &x 1\n": (1, "a", "a value"),
    "a: &x {b: 1}\n": (1, "a", "a value"),
    "a: 1\nb: *x\n": (2, "b", "a value"),
    "a: &x 1\nb: *x\n": (1, "a", "a value"),
    "a: !!str 1\n": (1, "a", "a value without a tag"),
    "a: !!python/object/apply:os.system [id]\n": (1, "a", "a value without a tag"),
    "a: !!python/name:os.system\n": (1, "a", "a value without a tag"),
    "<<: {a: 1}\n": (1, "", "plain text as a key"),
    "a: 1\n---\nb: 2\n": (2, "", "one document"),
    "": (1, "", "one document"),
    "# only a comment\n": (2, "", "one document"),
    "1: a\n": (1, "", "plain text as a key"),
    "true: a\n": (1, "", "plain text as a key"),
    "on: push\n": (1, "", "plain text as a key"),
    "~: a\n": (1, "", "plain text as a key"),
    "? [a]\n: b\n": (1, "", "plain text as a key"),
    "? {a: 1}\n: b\n": (1, "", "plain text as a key"),
    "a: [1\n": (2, "", "well-formed YAML"),
    "a: b: c\n": (1, "", "well-formed YAML"),
    "\ta: 1\n": (1, "", "well-formed YAML"),
    "a: 9007199254740992\n": (1, "a", "an integer below 2**53"),
    "a: -9007199254740992\n": (1, "a", "an integer below 2**53"),
    "a: 9007199254740993\n": (1, "a", "an integer below 2**53"),
    "a: 1" + "0" * 400 + "\n": (1, "a", "an integer below 2**53"),
    "a: 1" + "0" * 400 + ".0\n": (1, "a", "a finite number"),
    "a:\n- b: -1" + "0" * 400 + ".5\n": (2, "a.0.b", "a finite number"),
    "a:\n- b: 1\n- b: no\n": (3, "a.1.b", "a value that YAML 1.1 and 1.2 read alike"),
}

AMBIGUOUS = (
    "no", "No", "NO", "yes", "on", "Off", "y", "N", "True", "FALSE", "Null", "NULL", "1e3", "1E3",
    "1.0e3", "1.e3", ".5", "5.", "+1", "0o10", "010", "00", "0x1f", "0b11", "1_000", "12:30",
    "12:30:45", "1:20.5", "2026-03-02", "2026-3-2", "2026-03-02T09:00:00Z", "2026-03-02 09:00:00",
    ".inf", "-.inf", "+.INF", ".nan", ".NaN", "=", "<<",
)  # fmt: skip

words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=8).filter(
    lambda word: word not in {"no", "on", "off", "yes", "true", "false", "null"}
)
plain = words | st.booleans() | st.none() | st.integers(-(2**53) + 1, 2**53 - 1)
trees: st.SearchStrategy[JsonValue] = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=15,
)


def problem_of(content: bytes) -> Problem:
    with pytest.raises(InvalidDocument) as refused:
        parse(content, "model.yaml")
    [problem] = refused.value.problems
    return problem


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_profile_leaves_out_is_refused_with_its_line(text: str) -> None:
    problem = problem_of(text.encode())
    assert (problem.line, problem.field, problem.expected) == REFUSED[text]
    assert problem.file == "model.yaml"


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_plain_text_that_two_versions_of_yaml_read_differently_is_refused(text: str) -> None:
    problem = problem_of(f"first: 1\nvalue: {text}\n".encode())
    assert (problem.line, problem.field) == (2, "value")
    assert text in problem.actual


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_the_same_text_in_quotes_is_text(text: str) -> None:
    assert parse(f'value: "{text}"\n'.encode(), "a").value == {"value": text}


@given(st.text("0123456789eExXob.:+-~nofTZyNsINfau<=", min_size=1, max_size=8))
def test_what_is_accepted_unquoted_reads_alike_under_both_versions(text: str) -> None:
    content = f"value: {text}\n".encode()
    try:
        value = parse(content, "a").value
    except InvalidDocument:
        return
    assert yaml.load(content, Loader=yaml.CSafeLoader) == value
    reader = YAML(typ="safe", pure=True)
    assert reader.load(content) == value


@given(st.dictionaries(words, trees))
def test_plain_documents_read_as_pyyaml_reads_them(value: dict[str, JsonValue]) -> None:
    content = yaml.dump(value, Dumper=yaml.CSafeDumper).encode()
    assert parse(content, "a").value == yaml.load(content, Loader=yaml.CSafeLoader) == value


@given(st.dictionaries(words, trees))
def test_json_is_read_as_json(value: dict[str, JsonValue]) -> None:
    assert parse(json.dumps(value).encode(), "a").value == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_and_nothing_else(content: bytes) -> None:
    with contextlib.suppress(InvalidDocument):
        json.dumps(parse(content, "a").value, allow_nan=False)


def test_bytes_that_are_not_utf8_are_refused_with_their_line() -> None:
    problem = problem_of(b"a: 1\nb: \xff\n")
    assert (problem.line, problem.expected) == (2, "UTF-8")


def test_a_control_character_is_refused() -> None:
    assert problem_of(b"a: \x01\n").expected == "well-formed YAML"


def test_a_file_over_its_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(InvalidDocument, match="at most 10 bytes, found 11 bytes"):
        parse(b"[" * 11, "a", limit=10)


def test_deep_nesting_is_refused_and_not_recursed_into() -> None:
    assert problem_of(b"[" * 5000).expected == "at most 40 levels"


def test_every_field_knows_its_line() -> None:
    source = parse(b"a: 1\nb:\n  c:\n  - d: 2\n    e: 3\n", "a")
    assert [source.line_of(f) for f in ("a", "b", "b.c", "b.c.0.d", "b.c.0.e")] == [1, 2, 3, 4, 5]


def test_a_field_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    source = parse(b"a: 1\nb:\n  c: 2\n", "a")
    assert source.line_of("b.missing.deeper") == 2
    assert source.line_of("nowhere") == 1
