"""A stop that the options do not describe is refused by the name of what is wrong."""

from __future__ import annotations

import pytest

from unit.cli.calling import refused
from unit.instance.aurora import Aurora

WHY = {"NAME": "outage", "--reason": "the cluster is down", "--incident": "INC-7"}


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("NAME", "An outage", "text that matches"),
        ("--reason", "\x1b[31mdown", "text without control or invisible characters"),
        ("--incident", "", "text of at least 1 character"),
        ("--team", "Oncology", "text that matches"),
    ],
)
def test_what_does_not_describe_a_stop_is_named(
    aurora: Aurora, option: str, value: str, expected: str
) -> None:
    said = WHY | {option: value}
    name = said.pop("NAME")
    words = [word for pair in said.items() for word in pair]
    error = refused(aurora.instance.monorepo, "stop", "set", name, *words)
    assert f"{option}: expected {expected}" in error.message
    assert error.solution == "turnpike stop set --help"


@pytest.mark.parametrize("recalled", ["package=numpy>=1", "base-model=openai", "data=sha256:12"])
def test_a_stop_recalls_what_something_can_be_called(aurora: Aurora, recalled: str) -> None:
    words = [word for option in ("--reason", "--incident") for word in (option, WHY[option])]
    clone = aurora.instance.monorepo
    error = refused(clone, "stop", "set", "outage", *words, "--recalls", recalled)
    kind, _, name = recalled.partition("=")
    assert error.message.startswith(f"--recalls: {kind}: expected ")
    assert error.message.endswith(f"got {name}")
