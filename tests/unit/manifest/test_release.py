"""A release names the bytes, the manifest and the decision that it rests on."""

from __future__ import annotations

import json

import pytest
from pydantic import JsonValue, ValidationError

from turnpike.manifest.release import RELEASE

GOOD: dict[str, JsonValue] = {
    "apiVersion": "turnpike.dev/v1",
    "kind": "Release",
    "team": "oncology",
    "model": "tumour-malignancy",
    "version": "3",
    "artifact": "sha256:" + "a" * 64,
    "manifest": "b" * 40,
    "decision": "sha256:" + "c" * 64,
    "promotedFrom": None,
    "traffic": 100,
}


def test_a_first_stage_is_promoted_from_nowhere_and_says_so() -> None:
    assert RELEASE.validate_json(json.dumps(GOOD)).promoted_from is None
    without = {key: value for key, value in GOOD.items() if key != "promotedFrom"}
    with pytest.raises(ValidationError):
        RELEASE.validate_json(json.dumps(without))


@pytest.mark.parametrize(
    "change",
    [
        {"artifact": "latest"}, {"artifact": "sha256:"}, {"manifest": "HEAD"}, {"decision": None},
        {"traffic": 101}, {"traffic": -1}, {"traffic": 50.5}, {"version": ""}, {"version": 3},
        {"kind": "Settings"}, {"image": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_a_release_by_anything_but_digests_is_refused(change: dict[str, JsonValue]) -> None:
    with pytest.raises(ValidationError):
        RELEASE.validate_json(json.dumps(GOOD | change))
