"""Texts at a path, and whether they are known: what is hidden anywhere on the way is unknown."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from turnpike.evidence.plan import Attribute
from turnpike.infrastructure.attributes import UNKNOWN, attribute_at
from turnpike.infrastructure.nodes import Node

STATEMENTS: JsonValue = [
    {"Effect": "Allow", "Action": "s3:GetObject", "Principal": {"AWS": ["*", "arn:one"]}},
    {"Effect": "Deny", "Action": ["s3:*"], "Principal": "*"},
]


def known(*values: str) -> Attribute:
    return Attribute(known=True, values=values)


@pytest.mark.parametrize(
    ("value", "path", "expected"),
    [
        ({"a": True}, "a", known("true")),
        ({"a": 3}, "a", known("3")),
        ({"a": None}, "a", known()),
        ({}, "a", known()),
        ({"a": {"b": "x"}}, "a.b", known("x")),
        ({"a": [{"b": "y"}, {"b": "x"}]}, "a.@each.b", known("x", "y")),
        ({"a": "one"}, "a.@each", known("one")),
        ({"a": [{"b": 4}, {"b": 4}]}, "a.@count", known("2")),
        ({"a": []}, "a.@count", known("0")),
        ({"a": None}, "a.@count", known("0")),
        ({"a": [{"b": True}, {"b": None}]}, "a.@each.b.@required", known("true", "unset")),
        ({"a": [{"b": ""}, {}]}, "a.@each.b.@required", known("unset")),
        ({"a": []}, "a.@each.b.@required", known()),
        ({"a": None}, "a.@each.b.@required", known()),
        ({"a": [["x"], {"b": "y"}]}, "a", known("x", "y")),
        ({"a": "x" * 501}, "a", UNKNOWN),
    ],
)
def test_values_are_texts_sorted_and_each_once(
    value: JsonValue, path: str, expected: Attribute
) -> None:
    assert attribute_at(Node(value), path) == expected


@pytest.mark.parametrize("statements", [STATEMENTS, {"Action": ["s3:GetObject"]}])
def test_statements_that_deny_are_left_out(statements: JsonValue) -> None:
    node = Node({"policy": json.dumps({"Statement": statements})})
    found = attribute_at(node, "policy.@json.Statement.@allow.Action.@each")
    assert found == known("s3:GetObject")


def test_the_leaves_of_a_principal_are_all_of_its_names() -> None:
    node = Node({"policy": json.dumps({"Statement": STATEMENTS})})
    found = attribute_at(node, "policy.@json.Statement.@allow.Principal.@leaves")
    assert found == known("*", "arn:one")


@pytest.mark.parametrize("text", ["{", 3])
def test_a_document_that_does_not_parse_is_unknown(text: JsonValue) -> None:
    assert attribute_at(Node({"policy": text}), "policy.@json.Statement") == UNKNOWN


def test_no_document_has_no_texts() -> None:
    assert attribute_at(Node({"policy": None}), "policy.@json.Statement") == known()


@pytest.mark.parametrize(
    ("unknown", "sensitive"),
    [
        (True, False),
        (False, True),
        ({"a": True}, False),
        ({"a": [{"b": True}]}, False),
        ({}, {"a": [{"b": True}]}),
    ],
)
def test_what_is_hidden_anywhere_on_the_way_is_unknown(
    unknown: JsonValue, sensitive: JsonValue
) -> None:
    assert attribute_at(Node({"a": [{"b": "x"}]}, unknown, sensitive), "a.@each.b") == UNKNOWN


def test_an_attribute_that_only_stands_among_the_unknown_is_unknown() -> None:
    assert attribute_at(Node({}, {"policy": True}), "policy") == UNKNOWN
    assert attribute_at(Node({"a": {}}, {"a": {"b": True}}), "a") == UNKNOWN


def test_what_is_unknown_has_no_number() -> None:
    assert attribute_at(Node({}, {"a": True}), "a.@count") == UNKNOWN


def test_what_is_known_beside_what_is_hidden_is_told() -> None:
    found = attribute_at(Node({"a": ["*", None]}, {"a": [False, True]}), "a.@each")
    assert found == Attribute(known=False, values=("*",))


def test_what_is_hidden_beside_a_place_is_no_matter() -> None:
    assert attribute_at(Node({"a": "x", "b": None}, {"b": True}, {"b": True}), "a") == known("x")


def test_a_statement_whose_effect_is_unknown_counts_as_one_that_allows() -> None:
    node = Node({"s": [{"effect": "Deny", "actions": ["*"]}]}, {"s": [{"effect": True}]})
    assert attribute_at(node, "s.@allow.actions.@each") == known("*")


def test_what_is_required_and_unknown_is_unknown() -> None:
    found = attribute_at(Node({"a": [{}]}, {"a": [{"b": True}]}), "a.@each.b.@required")
    assert found == UNKNOWN


@pytest.mark.parametrize(
    ("statement", "pairs"),
    [
        ({"Action": "iam:PassRole", "Resource": "*"}, ("iam:passrole *",)),
        ({"Action": ["s3:A", "s3:B"], "Resource": "x/Y"}, ("s3:a x/Y", "s3:b x/Y")),
        ({"Action": "s3:A", "NotResource": ["x", "y"]}, ("s3:a *",)),
        ({"actions": ["s3:A"], "resources": ["x"]}, ("s3:a x",)),
        ({"actions": ["s3:A"], "not_resources": ["x"], "resources": None}, ("s3:a *",)),
        ({"Action": "s3:A"}, ()),
    ],
)
def test_what_a_statement_lets_do_is_told_with_what_to(
    statement: JsonValue, pairs: tuple[str, ...]
) -> None:
    assert attribute_at(Node([statement]), "@allow.@pairs") == known(*pairs)


def test_of_what_is_unknown_in_a_statement_only_actions_are() -> None:
    said: JsonValue = {"actions": ["s3:A"], "resources": ["x"]}
    later = attribute_at(Node([said], [{"resources": True}]), "@allow.@pairs")
    assert later == known("s3:a (known after the apply)")
    assert attribute_at(Node([said], [{"actions": True}]), "@allow.@pairs") == UNKNOWN


@pytest.mark.parametrize(
    ("action", "ages"),
    [([{"type": "Delete"}], ("1",)), ([{"type": "SetStorageClass"}], ()), ([], ())],
)
def test_a_rule_deletes_where_its_action_does(action: JsonValue, ages: tuple[str, ...]) -> None:
    rules: JsonValue = [{"action": action, "condition": [{"age": 1}]}]
    assert attribute_at(Node(rules), "@deleting.condition.@each.age") == known(*ages)
    unknown: JsonValue = [{"action": [{"type": True}]}]
    hidden: JsonValue = [{"action": [{}], "condition": [{"age": 1}]}]
    assert attribute_at(Node(hidden, unknown), "@deleting.condition.@each.age") == known("1")
