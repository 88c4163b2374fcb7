"""Settings hold size, and only what differs."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue, ValidationError

from turnpike.manifest.settings import SETTINGS

EMPTY: dict[str, JsonValue] = {"apiVersion": "turnpike.dev/v1", "kind": "Settings"}


def test_settings_may_say_nothing() -> None:
    settings = SETTINGS.validate_json(json.dumps(EMPTY))
    assert settings.replicas is None
    assert settings.resources is None


@pytest.mark.parametrize(
    "change",
    [
        {"replicas": {"minimum": 1}},
        {"replicas": {"minimum": -1, "maximum": 1}},
        {"replicas": {"minimum": 0, "maximum": 0}},
        {"replicas": {"minimum": 1, "maximum": 1001}},
        {"resources": {"cpuMillicores": 1, "memoryMebibytes": 64}},
        {"artifact": "sha256:" + "a" * 64},
        {"image": "x"},
    ],
    ids=str,
)
def test_settings_cannot_say_what_is_not_size(change: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError):
        SETTINGS.validate_json(json.dumps(EMPTY | change))
