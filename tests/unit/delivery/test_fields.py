"""Only what Git gives a value can differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from turnpike.delivery.fields import Difference, additions, differences

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=10,
)


@given(JSON)
def test_nothing_differs_from_itself(value: object) -> None:
    assert list(differences(value, value)) == []  # type: ignore[arg-type]


def test_fields_that_git_leaves_open_are_no_difference() -> None:
    assert list(differences({"a": 1}, {"a": 1, "status": {}, "uid": "x"})) == []


def test_a_field_is_named_by_its_path() -> None:
    wanted: JsonValue = {"spec": {"ports": [{"port": 80}, {"port": 81}]}}
    found: JsonValue = {"spec": {"ports": [{"port": 80}, {"port": 82}]}}
    assert list(differences(wanted, found)) == [Difference("spec.ports[1].port", 81, 82)]


def test_a_field_that_is_gone_differs_and_an_empty_one_that_is_gone_does_not() -> None:
    assert list(differences({"a": "x"}, {})) == [Difference("a", "x", None)]
    assert list(differences({"a": []}, {})) == []


def test_lists_of_other_length_differ_as_a_whole() -> None:
    assert list(differences({"a": [1]}, {"a": [1, 2]})) == [Difference("a", [1], [1, 2])]


def test_what_git_leaves_open_is_an_addition_but_for_defaults() -> None:
    wanted: JsonValue = {"rules": [{"kinds": ["a"]}], "match": {}}
    found: JsonValue = {
        "rules": [{"kinds": ["a"], "scope": "*"}], "match": {"selector": {"b": "c"}}, "when": [],
    }  # fmt: skip
    defaults: dict[str, JsonValue] = {"scope": "*", "selector": {}}
    assert list(additions(wanted, found, defaults, "spec")) == [
        Difference("spec.match.selector", None, {"b": "c"}), Difference("spec.when", None, []),
    ]  # fmt: skip
    assert list(additions(found, found, {})) == []
