"""JSON of strangers becomes a document, or a message that names the field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, TypeAdapter

from turnpike.documents.canonical import canonical, canonical_document
from turnpike.documents.strict_json import read_json
from turnpike.errors import InvalidDocument
from turnpike.judge.facts import FACTS
from unit.judge.examples import model_facts

WHOLE = canonical_document(model_facts())


class Counted(BaseModel):
    model_config = ConfigDict(strict=True)

    number: int


NUMBERS: TypeAdapter[dict[str, float]] = TypeAdapter(dict[str, float])
COUNTED = TypeAdapter(Counted)


def refusal(content: bytes, limit: int = 10**6) -> str:
    with pytest.raises(InvalidDocument) as refused:
        read_json(FACTS, content, "facts.json", limit=limit)
    return str(refused.value)


def test_a_document_is_read_back_as_it_was() -> None:
    assert read_json(FACTS, WHOLE, "facts.json") == model_facts()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "well-formed JSON"),
        (b'{"a": "b', "Unterminated string starting at column 7"),
        (b"\xff{}", "facts.json:1: expected UTF-8"),
        (b"\xef\xbb\xbf{}", "well-formed JSON"),
        (b"[" * 100_000, "levels"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "levels"),
        (b'{"tools":{"opa":1,"opa":2}}', "tools.opa: expected each key once"),
        (b'{"tools":[{"a":NaN}]}', "tools.0.a: expected a finite number"),
        (b'{"a":-Infinity}', "a: expected a finite number"),
        (b'{"a":1e999}', "a: expected a finite number"),
        (b'{"a":' + b"9" * 100_000 + b"}", "a: expected an integer below 2**53"),
        (b'{"a":' + b"9" * 45 + b"}", "a: expected an integer below 2**53"),
        (b'{"a":9007199254740993}', "a: expected an integer below 2**53"),
        (b'{"a":"\\ud800"}', "a: expected Unicode text"),
        (b'{"\\udfff":1}', "expected Unicode text"),
    ],
)
def test_what_is_no_plain_json_is_refused_by_name(content: bytes, said: str) -> None:
    assert said in refusal(content)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"number":1', b'"number":true', "pullRequest.number: expected integer, found true"),
        (b'"number":1', b'"number":"1"', "pullRequest.number: expected integer"),
        (b'"git":', b'"gitt":', "tools.gitt: expected no such field"),
        (b'"clock":', b'"clocks":', "clock: expected the field, found nothing"),
        (b'"kind":"Facts"', b'"kind":"Fact"', "kind: "),
    ],
)
def test_a_field_that_breaks_the_schema_is_named(old: bytes, new: bytes, said: str) -> None:
    assert said in refusal(WHOLE.replace(old, new, 1))


def test_more_bytes_than_the_limit_are_not_parsed() -> None:
    assert "at most 10 bytes" in refusal(WHOLE, limit=10)


@given(
    st.floats(allow_nan=False, allow_infinity=False)
    | st.floats(min_value=2**53, max_value=1e21)
    | st.integers(1 - 2**53, 2**53 - 1)
)
def test_a_number_comes_back_out_of_its_canonical_form(number: float) -> None:
    content = canonical({"a": number})
    found = read_json(NUMBERS, content, "numbers.json")["a"]
    assert found == number
    assert canonical({"a": found}) == content


@pytest.mark.parametrize("text", ["9007199254740992", "-9007199254740992", "10000000000000000"])
def test_what_only_a_float_can_hold_is_no_integer(text: str) -> None:
    with pytest.raises(InvalidDocument, match="number: expected"):
        read_json(COUNTED, f'{{"number":{text}}}'.encode(), "a.json")


@given(st.integers(0, len(WHOLE) - 1))
def test_a_truncated_document_is_refused_wherever_it_ends(end: int) -> None:
    assert "facts.json" in refusal(WHOLE[:end])
