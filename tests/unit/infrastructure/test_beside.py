"""What counts only for what stands beside it, also where that is not known yet."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from turnpike.infrastructure.beside import LATER, roles, symmetric, unowned, waits
from turnpike.infrastructure.nodes import Node

ROOT = "arn:aws:iam::111122223333:root"


@pytest.mark.parametrize(
    ("principal", "counts"),
    [
        ({"AWS": ROOT}, False),
        ({"AWS": [ROOT, "111122223333"]}, False),
        ({"AWS": [ROOT, "arn:aws:iam::1:role/a"]}, True),
        ({"AWS": f"{ROOT}/"}, True),
        ("*", True),
        (None, True),
    ],
)
def test_a_statement_counts_unless_it_is_for_the_roots_of_accounts(
    principal: JsonValue, counts: bool
) -> None:
    assert bool([*unowned(Node({"Principal": principal}))]) is counts


def test_a_principal_that_is_not_known_may_be_anybody() -> None:
    said: JsonValue = {"principals": [{"type": "AWS", "identifiers": None}]}
    unknown: JsonValue = {"principals": [{"identifiers": True}]}
    assert [*unowned(Node(said, unknown))]


def test_a_role_is_told_with_its_scope_by_whatever_names_it() -> None:
    said: JsonValue = {"role_definition_name": "Key Vault Reader", "scope": "/Subscriptions/1"}
    told = [*roles(Node(said, {"role_definition_id": True}))]
    assert [one.value for one in told] == ["key vault reader /subscriptions/1"]
    later = [*roles(Node({"role_definition_id": "/x"}, {"scope": True}))]
    assert [one.value for one in later] == [f"/x {LATER}"]


@pytest.mark.parametrize(
    ("condition", "days"),
    [
        ([{"age": 3, "days_since_noncurrent_time": 30}], 30),
        ([{"age": None, "matches_prefix": ["a"]}], 0),
        ([], 0),
    ],
)
def test_a_rule_waits_as_long_as_its_longest_condition(condition: JsonValue, days: int) -> None:
    assert [one.value for one in waits(Node({"condition": condition}))] == [days]


def test_how_long_a_rule_waits_may_be_unknown() -> None:
    said: JsonValue = {"condition": [{"age": None}]}
    (told,) = waits(Node(said, {"condition": [{"age": True}]}))
    assert told.is_hidden


@pytest.mark.parametrize(
    ("key", "counts"),
    [
        ({}, True),
        ({"customer_master_key_spec": "SYMMETRIC_DEFAULT"}, True),
        ({"customer_master_key_spec": "ECC_NIST_P256", "key_usage": "SIGN_VERIFY"}, False),
        ({"purpose": "ENCRYPT_DECRYPT"}, True),
        ({"purpose": "ASYMMETRIC_SIGN"}, False),
    ],
)
def test_only_symmetric_keys_rotate(key: JsonValue, counts: bool) -> None:
    assert bool([*symmetric(Node(key))]) is counts
