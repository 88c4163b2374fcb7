"""The events of libyaml, read strictly: what two readers could read otherwise names its line."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from turnpike.documents.yaml_events import read_events
from turnpike.errors import InvalidDocument, Problem


def problem_of(text: str) -> Problem:
    with pytest.raises(InvalidDocument) as refused:
        read_events("model.yaml", text)
    (problem,) = refused.value.problems
    assert problem.file == "model.yaml"
    return problem


# --- where a line ends ----------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["\x85", "\u2028", "\u2029", "\r"], ids=ascii)
@pytest.mark.parametrize(
    "text", ["a: 1\n# only a comment{}b: 2\n", 'a: 1\nb: "x{}y"\n', "a: 1\nb: x{}c: y\n"]
)
def test_no_comment_or_text_ends_where_a_reviewer_sees_no_line(text: str, other: str) -> None:
    """YAML 1.1 reads the field ``b`` out of what looks like a comment; YAML 1.2 does not."""
    problem = problem_of(text.format(other))
    assert (problem.line, problem.expected) == (2, "lines that end in LF or CRLF")
    assert f"U+{ord(other):04X}" in problem.actual


def test_files_of_windows_are_read_with_the_same_lines() -> None:
    text = "a: 1\nb:\n  c: 2\n"
    unix, windows = read_events("a", text), read_events("a", text.replace("\n", "\r\n"))
    assert (windows.value, windows.lines) == (unix.value, unix.lines)


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["", "-"])
def test_a_decimal_without_end_is_no_number(sign: str) -> None:
    problem = problem_of(f"a: 1\nb: {sign}{'9' * 400}.0\n")
    assert (problem.line, problem.field, problem.expected) == (2, "b", "a finite number")
    assert len(problem.actual) < 40


@given(st.floats(-1e15, 1e15))
def test_a_plain_decimal_is_the_number_that_it_says(number: float) -> None:
    text = f"{number:.20f}"
    assert read_events("a", f"a: {text}\n").value == {"a": float(text)}


@given(st.integers(-(10**20), 10**20))
@example(2**53 - 1)
@example(2**53)
@example(-(2**53))
def test_an_integer_is_exact_or_refused(number: int) -> None:
    if abs(number) < 2**53:
        assert read_events("a", f"a: {number}\n").value == {"a": number}
    else:
        assert problem_of(f"a: {number}\n").expected == "an integer below 2**53"


@pytest.mark.parametrize("text", ["-0", "-0.0", "0.0"])
def test_zero_has_a_sign_or_none_and_is_zero(text: str) -> None:
    value = read_events("a", f"a: {text}\n").value
    assert isinstance(value, dict)
    assert value["a"] == 0
    assert isinstance(value["a"], int | float)
    assert math.isfinite(value["a"])


# --- keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["? &x a\n: 1\n", "? !!str a\n: 1\n", "&x a: 1\n", "!t a: 1\n", "? *x\n: 1\n", "[]: 1\n",
     "12:30: 1\n", "2026-03-02: 1\n", "1.5: 1\n", "null: 1\n", "=: 1\n", "<<: 1\n"],
)  # fmt: skip
def test_a_key_is_plain_text(text: str) -> None:
    assert problem_of(text).expected == "plain text as a key"


def test_the_same_key_twice_is_told_at_its_second_line_however_it_is_written() -> None:
    for second in ("b: 2", '"b": 2', "'b': 2", "? b\n  : 2", '"\\x62": 2'):
        problem = problem_of(f"a:\n  b: 1\n  {second}\n")
        assert (problem.line, problem.field) == (3, "a.b")
    assert problem_of("{a: 1, a: 2}").field == "a"


def test_a_key_in_quotes_is_the_text_inside() -> None:
    assert read_events("a", '"no": 1\n\'12\': 2\n"": 3\n').value == {"no": 1, "12": 2, "": 3}


# --- what stands around one document --------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("\n\n", 3), ("# a\n", 2), ("a: 1\n---\n", 2), ("a: 1\n...\n---\nb: 2\n", 3)],
)
def test_a_file_holds_one_document(text: str, line: int) -> None:
    problem = problem_of(text)
    assert (problem.expected, problem.line) == ("one document", line)


@pytest.mark.parametrize("text", ["---\na: 1\n", "a: 1\n...\n", "\ufeffa: 1\n", "# c\na: 1\n# d\n"])
def test_marks_around_the_one_document_are_no_second_one(text: str) -> None:
    assert read_events("a", text).value == {"a": 1}


@pytest.mark.parametrize("depth", [39, 40, 41, 5_000])
def test_depth_has_a_limit_and_is_never_recursed_into(depth: int) -> None:
    text = "[" * depth + "1" + "]" * depth
    if depth <= 40:
        assert str(read_events("a", text).value).count("[") == depth
    else:
        assert problem_of(text).expected == "at most 40 levels"


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60))]
    problem = problem_of("\n".join(lines))
    assert (problem.line, problem.actual) == (1, "the anchor &a0")


# --- lines ----------------------------------------------------------------------------------------

keys = st.text("abc", min_size=1, max_size=3)
plain = st.integers(0, 99) | st.booleans() | st.none() | st.sampled_from(("text", "two words"))
trees: st.SearchStrategy[JsonValue] = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(keys, inner, min_size=1, max_size=3)
    ),
    max_leaves=10,
)


def fields_of(value: JsonValue, field: str = "") -> Iterator[str]:
    if field:
        yield field
    inside: dict[str, JsonValue] = value if isinstance(value, dict) else {}
    if isinstance(value, list):
        inside = {str(number): item for number, item in enumerate(value)}
    for key, inner in inside.items():
        yield from fields_of(inner, f"{field}.{key}" if field else key)


@given(st.dictionaries(keys, trees, min_size=1, max_size=3))
def test_every_field_has_a_line_and_what_stands_inside_is_not_above_it(
    value: dict[str, JsonValue],
) -> None:
    text = yaml.dump(value, Dumper=yaml.CSafeDumper)
    read = read_events("a", text)
    assert read.value == value
    assert read.lines.keys() == {"", *fields_of(value)}
    for field, line in read.lines.items():
        assert read.lines[field.rpartition(".")[0]] <= line
        if not field.rpartition(".")[2].isdigit():
            assert f"{field.rpartition('.')[2]}:" in f"{text}:".split("\n")[line - 1] or not field


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("ab: -\n\n#\"'{}[],|>\\~01é\x85\u2028\r\t?"), max_size=30))
def test_whatever_is_accepted_no_reader_reads_otherwise(text: str) -> None:
    with contextlib.suppress(InvalidDocument):
        value = read_events("a", text).value
        assert yaml.load(text, Loader=yaml.CSafeLoader) == value
        with contextlib.suppress(YAMLError):  # of some tabs and comments it says that it can't
            assert YAML(typ="safe", pure=True).load(text) == value
