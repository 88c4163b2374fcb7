"""Only one whole answer for each input is an answer."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from turnpike.errors import Unavailable
from turnpike.opa.answers import whole_answer

DENIAL: JsonValue = {
    "code": "c", "message": "m", "expected": "e", "actual": "a", "solution": "s",
}  # fmt: skip
GOOD: JsonValue = {"rules": ["a", "b"], "denials": [DENIAL]}


def test_a_whole_answer_is_returned() -> None:
    answer = whole_answer([GOOD, {"rules": ["a", "b"], "denials": []}], 2, ("a", "b"))
    assert [len(result.denials) for result in answer.results] == [1, 0]
    assert answer.results[0].denials[0].code == "c"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "opa.wrong-shape"),
        (False, "opa.wrong-shape"),
        ({}, "opa.wrong-shape"),
        ([None], "opa.wrong-shape"),
        ([{"rules": ["a", "b"]}], "opa.wrong-shape"),
        ([{"rules": ["a", "b"], "denials": [], "allow": True}], "opa.wrong-shape"),
        ([{"rules": ["a", "b"], "denials": ["c"]}], "opa.wrong-shape"),
        ([{"rules": ["a", 1], "denials": []}], "opa.wrong-shape"),
        ([], "opa.incomplete"),
        ([GOOD, GOOD], "opa.incomplete"),
        ([{"rules": ["a"], "denials": []}], "opa.incomplete"),
        ([{"rules": ["a", "b", "c"], "denials": []}], "opa.incomplete"),
        ([{"rules": ["a", "a", "b"], "denials": []}], "opa.incomplete"),
        ([{"rules": [], "denials": []}], "opa.incomplete"),
    ],
)
def test_anything_less_or_odd_is_a_failure(value: JsonValue, code: str) -> None:
    with pytest.raises(Unavailable) as caught:
        whole_answer(value, 1, ("a", "b"))
    assert caught.value.code == code
    assert caught.value.solution
