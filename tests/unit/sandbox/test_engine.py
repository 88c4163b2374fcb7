"""Finding an engine: what is said when there is none, and what a client is told."""

from pathlib import Path

import pytest

from turnpike.errors import Unavailable
from turnpike.sandbox.engine import Engine, PodmanService, find_engine


def _client(folder: Path, script: str) -> None:
    client = folder / "docker"
    client.write_text(f"#!/bin/sh\n{script}\n")
    client.chmod(0o755)


def test_without_a_client_the_command_that_helps_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Unavailable) as caught:
        find_engine({})
    assert caught.value.code == "sandbox.client-missing"
    assert "apt-get install" in caught.value.solution


def test_an_engine_that_was_named_and_does_not_answer_is_not_replaced_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _client(tmp_path, "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unavailable, match="unix:///nowhere"):
        find_engine({"DOCKER_HOST": "unix:///nowhere"})


def test_a_client_gets_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _client(tmp_path, "env")
    monkeypatch.setenv("REGISTRY_TOKEN", "secret")
    said = Engine(tmp_path / "docker", "unix:///x").ask("env").output
    assert "REGISTRY_TOKEN" not in said
    assert "DOCKER_CONFIG=/nonexistent" in said


def test_an_engine_that_never_answers_is_given_up(tmp_path: Path) -> None:
    _client(tmp_path, "exec sleep 30")
    with pytest.raises(Unavailable) as caught:
        Engine(tmp_path / "docker", "unix:///x").ask("info", seconds=0.2)
    assert caught.value.code == "sandbox.engine-silent"


def test_a_service_that_cannot_start_says_why(tmp_path: Path) -> None:
    podman = tmp_path / "podman"
    podman.write_text("#!/bin/sh\necho no storage >&2\nexit 1\n")
    podman.chmod(0o755)
    with pytest.raises(Unavailable, match="no storage"):
        PodmanService(podman).host()
