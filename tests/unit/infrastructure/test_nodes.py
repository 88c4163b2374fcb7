"""A place has names and items; what is unknown of it has names too, and leaves nothing out."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from turnpike.infrastructure.nodes import Node, leaves, text_of


def test_what_is_unknown_has_a_name_though_it_has_no_value() -> None:
    node = Node({"name": "a"}, {"value": True})
    assert node.names() == {"name", "value"}
    assert node.named("value").is_hidden
    assert not node.named("name").is_hidden


def test_what_is_no_list_is_its_only_item() -> None:
    assert [*Node("a").items()] == [Node("a")]
    assert [one.is_hidden for one in Node(["a", None], [False, True]).items()] == [False, True]


def test_null_is_no_leaf_and_what_is_hidden_is_one() -> None:
    node = Node({"a": None, "b": [1, {"c": "x"}]}, {"d": True})
    found = sorted((one.is_hidden, str(one.value)) for one in leaves(node))
    assert found == [(False, "1"), (False, "x"), (True, "None")]


@pytest.mark.parametrize(("value", "text"), [("a", "a"), (True, "true"), (3, "3")])
def test_a_value_is_a_text(value: JsonValue, text: str) -> None:
    assert text_of(value) == text
