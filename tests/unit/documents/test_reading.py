"""A file becomes a document, or every problem in it is named at once."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import Field, TypeAdapter

from turnpike.documents.document import Part
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument, Problem
from turnpike.manifest.model import MODEL
from turnpike.manifest.settings import SETTINGS, Replicas

GOOD = b"""\
apiVersion: turnpike.dev/v1
kind: Settings
replicas:
  minimum: 1
  maximum: 3
"""


def problems_of(content: bytes) -> list[Problem]:
    with pytest.raises(InvalidDocument) as refused:
        read(SETTINGS, content, "settings.yaml")
    return list(refused.value.problems)


def test_a_good_file_is_its_document() -> None:
    assert read(SETTINGS, GOOD, "settings.yaml").replicas == Replicas(minimum=1, maximum=3)


def test_a_wrong_type_is_named_by_file_line_and_field() -> None:
    [problem] = problems_of(GOOD.replace(b"minimum: 1", b'minimum: "1"'))
    assert (problem.file, problem.line, problem.field) == ("settings.yaml", 4, "replicas.minimum")
    assert problem.actual == '"1"'
    assert "integer" in problem.expected


def test_an_unknown_field_is_refused_on_its_own_line() -> None:
    [problem] = problems_of(GOOD + b"replica: 3\n")
    assert (problem.line, problem.field, problem.expected) == (6, "replica", "no such field")


def test_a_missing_field_is_named_at_the_line_of_what_lacks_it() -> None:
    [problem] = problems_of(GOOD.replace(b"  maximum: 3\n", b""))
    assert (problem.line, problem.field) == (3, "replicas.maximum")
    assert (problem.expected, problem.actual) == ("the field", "nothing")


def test_a_list_that_is_too_short_is_told_by_the_number_of_its_items() -> None:
    class Pair(Part):
        items: Annotated[tuple[int, ...], Field(min_length=2, max_length=3)]

    def told(items: str) -> list[tuple[str, str]]:
        with pytest.raises(InvalidDocument) as refused:
            read(TypeAdapter(Pair), f"{{items: {items}}}".encode(), "pair.yaml")
        return [(one.field, one.expected) for one in refused.value.problems]

    assert told("[1]") == [("items", "at least 2 items")]
    assert told("[1, 2, 3, 4]") == [("items", "at most 3 items")]
    assert told('[1, "2"]') == [("items.1", "integer")]  # the list is as long as it should be


def test_a_field_in_the_style_of_the_code_is_read_as_unknown_only_once() -> None:
    content = GOOD + b"resources:\n  cpuMillicores: 100\n  memoryMebibytes: 1\n"
    [problem] = problems_of(content)
    assert problem.field == "resources.memoryMebibytes"


def test_all_problems_are_named_at_once() -> None:
    found = problems_of(b"apiVersion: turnpike.dev/v2\nkind: Release\nreplicas: 3\nmore: 1\n")
    assert {problem.field for problem in found} == {"apiVersion", "kind", "replicas", "more"}


def test_a_file_that_is_no_mapping_is_refused() -> None:
    assert problems_of(b"- a\n")


def test_a_field_of_one_kind_of_model_is_named_without_the_name_of_the_kind() -> None:
    content = b"apiVersion: turnpike.dev/v1\nkind: predictive\nname: Not A Name\n"
    with pytest.raises(InvalidDocument) as refused:
        read(MODEL, content, "model.yaml")
    places = {problem.field: problem.line for problem in refused.value.problems}
    assert places["name"] == 3
    assert not [field for field in places if field.startswith("predictive")]


def test_an_unknown_kind_of_model_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(InvalidDocument) as refused:
        read(MODEL, b"apiVersion: turnpike.dev/v1\nkind: oracular\n", "model.yaml")
    [problem] = refused.value.problems
    assert (problem.line, problem.field) == (2, "kind")
    assert problem.expected == "'predictive' or 'generative'"
    assert problem.actual == '"oracular"'


def test_a_model_without_a_kind_lacks_that_field() -> None:
    with pytest.raises(InvalidDocument) as refused:
        read(MODEL, b"apiVersion: turnpike.dev/v1\n", "model.yaml")
    [problem] = refused.value.problems
    assert (problem.field, problem.expected, problem.actual) == ("kind", "the field", "nothing")


@pytest.mark.parametrize(
    ("name", "expected"),
    [('"A b"', "text that matches '^[a-z]"), ('""', "text that matches"), ("3", "string")],
)
def test_what_a_text_must_be_is_told_in_words(name: str, expected: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        read(MODEL, f"kind: generative\nname: {name}\n".encode(), "model.yaml")
    told = {problem.field: problem.expected for problem in refused.value.problems}
    assert told["name"].startswith(expected)


def test_a_long_value_is_shortened_in_the_message() -> None:
    [problem] = problems_of(GOOD.replace(b"minimum: 1", b'minimum: "' + b"x" * 9000 + b'"'))
    assert len(problem.actual) <= 80


def test_the_same_bytes_are_read_once_for_a_schema_and_a_limit() -> None:
    first = read(SETTINGS, GOOD, "settings.yaml")
    assert read(SETTINGS, bytes(bytearray(GOOD)), "another.yaml") is first
    assert read(SETTINGS, GOOD + b"# more\n", "settings.yaml") is not first
    with pytest.raises(InvalidDocument):
        read(MODEL, GOOD, "model.yaml")
    with pytest.raises(InvalidDocument):
        read(SETTINGS, GOOD, "settings.yaml", limit=len(GOOD) - 1)


def test_what_cannot_be_read_is_told_of_each_file_under_its_own_name() -> None:
    for name in ("a.yaml", "b.yaml"):
        with pytest.raises(InvalidDocument) as refused:
            read(SETTINGS, GOOD.replace(b"maximum", b"most"), name)
        assert {one.file for one in refused.value.problems} == {name}


def test_what_somebody_could_change_and_what_is_large_is_read_anew() -> None:
    plain: TypeAdapter[dict[str, int]] = TypeAdapter(dict[str, int])
    assert read(plain, b"a: 1\n", "a.yaml") is not read(plain, b"a: 1\n", "a.yaml")
    large = GOOD + b"#" * 20_000 + b"\n"
    found = [read(SETTINGS, large, "settings.yaml") for _ in range(2)]
    assert found[0] == found[1]
    assert found[0] is not found[1]
