"""Admission is told of every environment, and of no other; tests/cluster asks a real API server."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from turnpike.judge.layout import ACCESS_FILES
from turnpike.rendering.new_namespaces import NEW_NAMESPACES_FILE, new_namespaces_bytes


def told(content: bytes) -> list[str]:
    policy: dict[str, Any] = next(iter(yaml.safe_load_all(content)))
    listed = next(v for v in policy["spec"]["variables"] if v["name"] == "environments")
    names: list[str] = yaml.safe_load(listed["expression"])  # a list of CEL is one of YAML as well
    return names


@pytest.mark.parametrize("names", [(), ("dev",), ("production", "dev", "dev-eu")])
def test_the_policy_names_the_environments_whatever_their_order(names: tuple[str, ...]) -> None:
    assert told(new_namespaces_bytes(names)) == sorted(names)
    assert new_namespaces_bytes(names) == new_namespaces_bytes(sorted(names))


def test_it_fails_closed_and_is_bound() -> None:
    policy, binding = yaml.safe_load_all(new_namespaces_bytes(("dev",)))
    assert policy["spec"]["failurePolicy"] == "Fail"
    assert binding["spec"]["policyName"] == policy["metadata"]["name"]
    assert binding["spec"]["validationActions"] == ["Deny"]


def test_it_stands_where_the_layout_knows_it() -> None:
    assert NEW_NAMESPACES_FILE in ACCESS_FILES
