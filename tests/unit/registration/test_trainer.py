"""What runs a team's train.py sees what the person sees, but no key to a registry or a host."""

from __future__ import annotations

import pytest

from turnpike.registration.trainer import _environment

SECRETS = (
    "TURNPIKE_MLFLOW_TOKEN",
    "TURNPIKE_MLFLOW_TOKEN_FILE",
    "TURNPIKE_GITEA_TOKEN",
    "TURNPIKE_PAGES_CLIENT_SECRET",
    "MLFLOW_TRACKING_TOKEN",
    "MLFLOW_TRACKING_PASSWORD",
)


@pytest.mark.parametrize("name", SECRETS)
def test_what_opens_a_registry_or_a_host_is_kept_back(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "s3cret")
    assert "s3cret" not in _environment().values()


def test_all_else_is_the_persons_own_and_bytes_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    found = _environment()
    assert found["HTTPS_PROXY"] == "http://proxy.example:3128"
    assert found["PYTHONHASHSEED"] == "0"
