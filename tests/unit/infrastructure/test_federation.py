"""Whom tokens let in: the subjects that are asked for, and everybody where none is."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from turnpike.evidence.plan import Attribute
from turnpike.infrastructure.attributes import UNKNOWN, attribute_at
from turnpike.infrastructure.nodes import Node

ISSUER = "arn:aws:iam::1:oidc-provider/token.example"
SAML = "arn:aws:iam::1:saml-provider/people"
WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
JSON = "policy.@json.Statement.@allow.@subjects"
BLOCKS = "statement.@allow.@subjects"
ONE: JsonValue = {"StringEquals": {"token.example:SUB": "one"}}


def known(*values: str) -> Attribute:
    return Attribute(known=True, values=values)


def of_policy(**statement: JsonValue) -> Attribute:
    return attribute_at(Node({"policy": json.dumps({"Statement": [statement]})}), JSON)


@pytest.mark.parametrize(
    ("principal", "action"),
    [
        ({"Federated": ISSUER}, WEB_IDENTITY),
        ({"Federated": ["cognito-identity.amazonaws.com"]}, "sts:*"),
        ({"Federated": [SAML, ISSUER]}, ["sts:AssumeRole"]),
        ({"AWS": "arn:aws:iam::1:root"}, [WEB_IDENTITY.lower()]),
        ("*", WEB_IDENTITY),
    ],
)
def test_who_trusts_tokens_asks_for_a_subject(principal: JsonValue, action: JsonValue) -> None:
    trusting: dict[str, JsonValue] = {"Principal": principal, "Action": action}
    assert of_policy(**trusting) == known("*")
    assert of_policy(**trusting, Condition=ONE) == known("one")


@pytest.mark.parametrize(
    "principal", [{"Service": "eks.amazonaws.com"}, {"Federated": SAML}, {"AWS": "arn:x"}, None]
)
def test_who_trusts_no_tokens_asks_for_none(principal: JsonValue) -> None:
    assert of_policy(Principal=principal, Action="sts:AssumeRoleWithSAML") == known()


def test_a_statement_without_principals_trusts_nobody() -> None:
    assert of_policy(Action=WEB_IDENTITY) == known()


@pytest.mark.parametrize(
    ("operator", "key", "expected"),
    [
        ("StringLike", "token.example:sub", "one"),
        ("ForAnyValue:StringLike", "token.example:sub", "one"),
        ("StringEqualsIgnoreCase", "token.example:sub", "one"),
        ("StringEqualsIfExists", "token.example:sub", "*"),
        ("ForAllValues:StringLike", "token.example:sub", "*"),
        ("StringNotEquals", "token.example:sub", "*"),
        ("StringEquals", "token.example:aud", "*"),
        ("StringEquals", "token.example:subject", "*"),
    ],
)
def test_only_a_condition_on_the_subject_binds(operator: str, key: str, expected: str) -> None:
    condition: JsonValue = {operator: {key: ["one"]}}
    assert of_policy(Principal={"Federated": ISSUER}, Condition=condition) == known(expected)
    block: dict[str, JsonValue] = {
        "principals": [{"type": "Federated", "identifiers": [ISSUER]}],
        "condition": [{"test": operator, "variable": key, "values": ["one"]}],
    }
    assert attribute_at(Node({"statement": [block]}), BLOCKS) == known(expected)


BLOCK: dict[str, JsonValue] = {
    "actions": [WEB_IDENTITY],
    "principals": [{"type": "Federated"}],
    "condition": [{"test": "StringEquals", "variable": "token.example:sub", "values": ["one"]}],
}


@pytest.mark.parametrize(
    ("unknown", "expected"),
    [
        ({"principals": [{"identifiers": True}]}, known("one")),
        ({"principals": [{"type": True}]}, known("one")),
        ({"principals": True}, known("one")),
        ({"condition": [{"variable": True}]}, UNKNOWN),
        ({"condition": [{"test": True}]}, UNKNOWN),
        ({"condition": True}, UNKNOWN),
        ({"condition": [{}, {"variable": True}]}, known("one")),
        ({"condition": [{"values": True}]}, UNKNOWN),
    ],
)
def test_what_is_unknown_of_a_block_never_lets_it_off(
    unknown: JsonValue, expected: Attribute
) -> None:
    hidden: JsonValue = {"statement": [unknown]}
    node = Node({"statement": [BLOCK]}, hidden)
    if unknown == {"condition": True}:
        node = Node({"statement": [{**BLOCK, "condition": None}]}, hidden)
    assert attribute_at(node, BLOCKS) == expected


def test_a_statement_that_denies_trusts_nobody() -> None:
    assert of_policy(Effect="Deny", Principal={"Federated": ISSUER}, Action=WEB_IDENTITY) == known()


ASSUMING = "policy.@json.Statement.@allow.@assuming.Principal.@leaves"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"Action": "sts:AssumeRole"}, ("x",)),
        ({"Action": ["s3:GetObject", "STS:assume*"]}, ("x",)),
        ({"Action": "*"}, ("x",)),
        ({"NotAction": "s3:*"}, ("x",)),
        ({"Action": "sts:TagSession"}, ()),
        ({"Action": "kms:*"}, ()),
        ({}, ()),
    ],
)
def test_a_statement_assumes_where_its_actions_reach_it(
    said: dict[str, JsonValue], expected: tuple[str, ...]
) -> None:
    statement: dict[str, JsonValue] = {"Principal": {"AWS": "x"}, **said}
    assert attribute_at(Node({"policy": json.dumps({"Statement": statement})}), ASSUMING) == known(
        *expected
    )


def test_a_block_whose_actions_are_unknown_may_assume() -> None:
    path = "statement.@allow.@assuming.effect"
    block: JsonValue = {"statement": [{"effect": "Allow"}]}
    hidden: JsonValue = {"statement": [{"actions": True}]}
    assert attribute_at(Node(block, hidden), path) == known("Allow")
    assert attribute_at(Node(block), path) == known()
