"""Options are read as strictly as a file, and a wrong one is named without the account in it."""

from __future__ import annotations

import pytest

from turnpike.cli.described import described
from turnpike.errors import UsageError
from turnpike.topology.instance import HostAddress, RegistryAddress

HOST = {
    "host": "gitea",
    "address": "https://host.example",
    "repository": "aurora/monorepo",
    "bot": "turnpike-bot",
}


def test_options_that_describe_something_are_that_thing() -> None:
    assert described(HostAddress, HOST, "forge connect").repository == "aurora/monorepo"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("host", "bitbucket"),
        ("address", "ftp://host.example"),
        ("repository", "monorepo"),
        ("bot", ""),
        ("bot", None),
        ("more", "fields"),
    ],
)
def test_a_wrong_option_is_named_with_what_was_expected(option: str, value: object) -> None:
    with pytest.raises(UsageError, match=f"^{option}: expected ") as refused:
        described(HostAddress, HOST | {option: value}, "forge connect")
    assert refused.value.solution == "turnpike forge connect --help"


def test_what_was_expected_is_told_in_our_words() -> None:
    with pytest.raises(UsageError, match="expected text of at least 1 character, got"):
        described(RegistryAddress, {"address": ""}, "registry connect")


def test_what_is_wrong_only_together_is_told_with_all_of_it() -> None:
    with pytest.raises(UsageError, match=r"only GitLab.*aurora/models/monorepo"):
        described(HostAddress, HOST | {"repository": "aurora/models/monorepo"}, "forge connect")


@pytest.mark.parametrize("field", ["address", "repository"])
def test_a_password_in_a_wrong_option_is_not_told(field: str) -> None:
    wrong = {field: "https://maria:known-to-me-alone@host.example"}
    with pytest.raises(UsageError) as refused:
        described(HostAddress, HOST | wrong, "forge connect")
    assert "known-to-me-alone" not in str(refused.value)
    with pytest.raises(UsageError) as refused:
        described(RegistryAddress, {"address": wrong[field]}, "registry connect")
    assert "known-to-me-alone" not in str(refused.value)
