from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from turnpike.cluster.interface import Deployment
from turnpike.cluster.local import LocalServer, endpoint_of
from turnpike.cluster.open_inference import ModelServer
from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError, Unavailable
from unit.cluster import small_server


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_server.install(tmp_path_factory.mktemp("interpreter"))


@pytest.fixture
def server(python: Path, tmp_path: Path) -> Iterator[LocalServer]:
    with LocalServer(python, tmp_path / "state", starting_seconds=300) as started:
        yield started


def deployed(tmp_path: Path, model: str, added: float = 1.0) -> Deployment:
    folder = small_server.write_model(tmp_path / f"{model}-{added}", ("a", "b"), added)
    artifact = digest_of(f"{model} {added}".encode())
    return Deployment("oncology", model, "production", "local", artifact, "1", folder)


def test_nothing_runs_before_the_first_apply(server: LocalServer) -> None:
    assert server.running() == ()
    assert server.endpoint == ""


def test_its_address_is_found_by_other_processes_while_it_runs(
    server: LocalServer, tmp_path: Path
) -> None:
    server.apply(())
    assert endpoint_of(tmp_path / "state") == server.endpoint
    server.stop()
    with pytest.raises(Unavailable, match="expected one that runs"):
        endpoint_of(tmp_path / "state")


def test_it_ends_with_its_block_also_after_an_interrupt(python: Path, tmp_path: Path) -> None:
    server = LocalServer(python, tmp_path / "state", starting_seconds=300)
    endpoints: list[str] = []

    def interrupted() -> None:
        with server:
            server.apply(())
            endpoints.append(server.endpoint)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not ModelServer(endpoints[0], 1.0).is_ready()


def test_a_server_that_cannot_start_is_told_with_its_log(
    server: LocalServer, tmp_path: Path
) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / small_server.BROKEN).touch()
    with pytest.raises(Unavailable, match="exit code 1") as caught:
        server.apply(())
    assert str(server.log) in caught.value.solution
    assert "broken on purpose" in server.log.read_text(encoding="utf-8")


def test_a_server_that_died_is_told(server: LocalServer, tmp_path: Path) -> None:
    server.apply((deployed(tmp_path, "one"),))
    process = server._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with pytest.raises(Unavailable, match="expected an answer"):
        server.running()


def test_a_second_server_in_the_same_folder_is_refused(
    server: LocalServer, python: Path, tmp_path: Path
) -> None:
    server.apply((deployed(tmp_path, "one"),))
    with (
        LocalServer(python, tmp_path / "state") as second,
        pytest.raises(InputError, match="expected none that runs"),
    ):
        second.apply(())
    assert [model.name for model in server.running()] == ["oncology.one"]


def test_a_model_that_went_missing_is_not_told_as_running(
    server: LocalServer, tmp_path: Path
) -> None:
    server.apply((deployed(tmp_path, "one"), deployed(tmp_path, "two")))
    ModelServer(server.endpoint).unload("oncology.one")
    assert [model.model for model in server.running()] == ["two"]


def test_a_server_ends_when_whoever_started_it_has_gone(python: Path, tmp_path: Path) -> None:
    endpoint = _endpoint_of_an_orphan(python, tmp_path / "state")
    deadline = time.monotonic() + 300
    while ModelServer(endpoint, 1.0).is_ready() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not ModelServer(endpoint, 1.0).is_ready()


def _endpoint_of_an_orphan(python: Path, state: Path) -> str:
    child = os.fork()
    if child == 0:
        LocalServer(python, state, starting_seconds=300).apply(())
        os._exit(0)
    os.waitpid(child, 0)
    return endpoint_of(state)
