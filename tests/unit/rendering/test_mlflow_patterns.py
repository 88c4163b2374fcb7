"""What Git lets groups do is the same once it is said by expressions, whoever is in several."""

from __future__ import annotations

import re

import pytest

from turnpike.rendering.mlflow_access import Permission
from turnpike.rendering.mlflow_patterns import Pattern, patterns_of

GIVEN = (
    Permission("aurora:oncology", "oncology.*", "EDIT"),
    Permission("aurora:risk", "*", "READ"),
    Permission("aurora:platform", "*", "MANAGE"),
)


def decided(patterns: frozenset[Pattern], groups: set[str], resource: str, name: str) -> str | None:
    """Decide as the server does: the first that matches the beginning, by priority."""
    asked = sorted(
        (p for p in patterns if p.group in groups and p.resource == resource),
        key=lambda p: p.priority,
    )
    return next((p.permission for p in asked if re.match(p.regex, name)), None)


@pytest.mark.parametrize(
    ("groups", "name", "permission"),
    [
        ({"aurora:oncology"}, "oncology.triage", "EDIT"),
        ({"aurora:oncology"}, "oncologyx.triage", None),
        ({"aurora:oncology"}, "not-oncology.triage", None),
        ({"aurora:oncology"}, "endocrinology.triage", None),
        ({"aurora:risk"}, "endocrinology.triage", "READ"),
        ({"aurora:oncology", "aurora:risk"}, "oncology.triage", "EDIT"),
        ({"aurora:oncology", "aurora:risk"}, "endocrinology.triage", "READ"),
        ({"aurora:risk", "aurora:platform"}, "oncology.triage", "MANAGE"),
        ({"oncology"}, "oncology.triage", None),
    ],
)
def test_the_strongest_permission_of_somebodys_groups_decides(
    groups: set[str], name: str, permission: str | None
) -> None:
    assert decided(patterns_of(GIVEN, "turnpike"), groups, "registered-models", name) == permission


@pytest.mark.parametrize(
    ("groups", "name", "permission"),
    [
        ({"aurora:oncology"}, "turnpike", "EDIT"),
        ({"aurora:risk"}, "turnpike", "READ"),
        ({"aurora:platform"}, "turnpike", "EDIT"),
        ({"aurora:oncology"}, "turnpike2", None),
        ({"strangers"}, "turnpike", None),
    ],
)
def test_who_may_write_a_model_may_log_its_candidates(
    groups: set[str], name: str, permission: str | None
) -> None:
    assert decided(patterns_of(GIVEN, "turnpike"), groups, "experiment", name) == permission


def test_without_permissions_there_are_no_patterns() -> None:
    assert patterns_of((), "turnpike") == frozenset()
