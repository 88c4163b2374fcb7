"""An instance is connected to a host that was reached, and to nothing else."""

from __future__ import annotations

import pytest

from unit.cli.calling import refused
from unit.instance.aurora import Aurora

VARIABLE = "TURNPIKE_GITEA_TOKEN"


def connecting(aurora: Aurora, address: str, repository: str) -> tuple[str, str]:
    """Return the code and the text of the refusal; the instance must be as it was."""
    file = aurora.instance.folder / "instance.yaml"
    before = file.read_bytes()
    at = ("--host", "gitea", "--address", address, "--repository", repository)
    error = refused(aurora.instance.monorepo, "forge", "connect", *at)
    assert file.read_bytes() == before
    return error.code, error.message


@pytest.mark.parametrize(
    "address",
    ["ftp://git.example", "git.example", "https://", "https://me:pw@git.example", "file:///etc"],
)
def test_an_address_that_is_none_of_a_server_is_refused(aurora: Aurora, address: str) -> None:
    code, text = connecting(aurora, address, "aurora/monorepo")
    assert code == "input.usage"
    assert text.startswith("address: expected http(s)://HOST[:PORT] without a password, got ")
    assert "pw" not in text


@pytest.mark.parametrize("repository", ["monorepo", "a/b/c", "a/b;c", ""])
def test_a_repository_that_is_none_is_refused(aurora: Aurora, repository: str) -> None:
    code, text = connecting(aurora, "https://git.example", repository)
    assert code == "input.usage"
    assert repository in text


def test_without_a_token_nothing_is_connected(
    aurora: Aurora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert connecting(aurora, "http://127.0.0.1:9", "aurora/monorepo")[0] == "secret.none"


def test_a_host_that_does_not_answer_is_not_connected_to(
    aurora: Aurora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "secret")
    code, _ = connecting(aurora, "http://127.0.0.1:9", "aurora/monorepo")
    assert code == "git.remote-failed"
