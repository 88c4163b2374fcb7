"""A stop speaks of whom its lists name; an empty list limits nothing."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from turnpike.topology.stop import STOP, Stop

HEAD = {"apiVersion": "turnpike.dev/v1", "kind": "Stop", "name": "outage", "incident": "INC-7"}


def stop(**scope: list[str]) -> Stop:
    return STOP.validate_python({**HEAD, "reason": "the cluster is down", **scope}, strict=False)


def test_a_stop_without_lists_speaks_of_everything() -> None:
    assert stop().speaks_of("production", "aws", "oncology", "oncology/triage")


@pytest.mark.parametrize(
    "scope",
    [
        {"environments": ["staging"]},
        {"clouds": ["gcp"]},
        {"teams": ["cardiology"]},
        {"models": ["oncology/other"]},
        {"teams": ["oncology"], "clouds": ["gcp"]},
    ],
)
def test_every_list_must_name_it(scope: dict[str, list[str]]) -> None:
    assert not stop(**scope).speaks_of("production", "aws", "oncology", "oncology/triage")


def test_lists_that_all_name_it_stop_it() -> None:
    found = stop(environments=["dev", "production"], clouds=["aws"], teams=["oncology"])
    assert found.speaks_of("production", "aws", "oncology", "oncology/triage")


def test_a_stop_says_why_and_by_which_incident() -> None:
    with pytest.raises(ValidationError):
        STOP.validate_python({**HEAD}, strict=False)
