"""Settings are read wherever they stand, and one of which a part is hidden is unknown."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue

from turnpike.evidence.plan import Attribute
from turnpike.infrastructure.attributes import UNKNOWN, attribute_at
from turnpike.infrastructure.nodes import Node


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"parameter": [{"name": "RDS.force_ssl", "value": "0"}]}, ("rds.force_ssl=0",)),
        (
            {"parameter": [{"name": "b", "value": 1}, {"name": "a", "value": "ON "}]},
            ("a=on", "b=1"),
        ),
        ({"parameter": {"a": {"b": False, "c": [1, 2]}}}, ("a.b=false", "a.c=1", "a.c=2")),
        ({"parameter": None}, ()),
        ({}, ()),
    ],
)
def test_a_setting_is_its_name_and_its_value(value: JsonValue, expected: tuple[str, ...]) -> None:
    assert attribute_at(Node(value), "parameter.@settings") == Attribute(
        known=True, values=expected
    )


def test_a_resource_may_be_a_setting_itself() -> None:
    node = Node({"name": "require_secure_transport", "value": "OFF", "server_id": "x"})
    assert attribute_at(node, "@settings").values == ("require_secure_transport=off",)


def test_settings_in_a_document_have_their_path() -> None:
    node = Node({"values": json.dumps({"logs": {"enabled": False}})})
    assert attribute_at(node, "values.@json.@settings").values == ("logs.enabled=false",)


@pytest.mark.parametrize(
    ("unknown", "sensitive"),
    [
        ({"parameter": [{"value": True}]}, False),
        ({"parameter": [{"name": True}]}, False),
        ({}, {"parameter": [{"value": True}]}),
        ({"parameter": True}, False),
        ({"parameter": [{"other": True}]}, False),
    ],
)
def test_what_is_hidden_of_a_setting_is_unknown(unknown: JsonValue, sensitive: JsonValue) -> None:
    known = "other" in json.dumps(unknown)
    found = attribute_at(
        Node({"parameter": [{"name": "a", "value": "b"}]}, unknown, sensitive),
        "parameter.@settings",
    )
    assert found == (Attribute(known=True, values=("a=b",)) if known else UNKNOWN)


def test_what_is_left_out_because_it_is_unknown_is_unknown() -> None:
    node = Node({"parameter": [{"name": "a"}]}, {"parameter": [{"value": True}]})
    assert attribute_at(node, "parameter.@settings") == UNKNOWN
    node = Node({"parameter": {"a": {}}}, {"parameter": {"a": {"b": True}}})
    assert attribute_at(node, "parameter.@settings") == UNKNOWN
