"""An instance whose models are registered at a real MLflow server."""

from __future__ import annotations

import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from contracts.mlflow_server import mlflow_server
from end_to_end.changes import DESCRIPTION, DIABETES, LOCAL, Bench
from end_to_end.people import BOT
from end_to_end.releases import released
from end_to_end.test_broken_parts import assert_blocked
from end_to_end.world import World
from turnpike.errors import Unavailable
from turnpike.registry.mlflow_rest import MlflowRestReader
from turnpike.registry.rest import RestServer
from unit.registry.bad_server import Talk, answers, drips, server, stays_silent

SCAFFOLD = "oncology/biopsy-triage"
NOTHING = '{"model_versions": [], "registered_models": []}'
NAME = "endocrinology.diabetes-progression"


@pytest.fixture(scope="module")
def address(merged: Bench, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that has what the world's teams have registered."""
    home = tmp_path_factory.mktemp("mlflow")
    shutil.copy(merged.world.folder / "registry" / "mlflow.db", home / "server.db")
    with closing(sqlite3.connect(home / "server.db")) as database, database:
        # What is registered from now on goes into the server's own bucket.
        database.execute("UPDATE experiments SET name = 'embedded' WHERE name = 'turnpike'")
    with mlflow_server(home) as at:
        yield at


@pytest.fixture(scope="module")
def bench(merged: Bench, address: str) -> Bench:
    """A world that is connected to the server."""
    copy = merged.copied()
    told = copy.world.done("registry", "connect", address, "--json").json()
    assert told["registry"] == address
    # What was registered in the folder does not count any more, and can't be asked by mistake.
    shutil.rmtree(copy.world.folder / "registry")
    return copy


def aliases(world: World, version: str) -> list[str]:
    told = world.done("registry", "show", DIABETES, "--json").json()
    (found,) = [one["aliases"] for one in told if one["version"] == version]
    assert isinstance(found, list)
    return found


def pointed_at(world: World, address: str) -> None:
    """Let instance.yaml name another server, as when the real one moved or broke."""
    file = world.folder / "instance.yaml"
    known = world.house.instance.document.registry
    assert known is not None
    file.write_text(file.read_text().replace(known.address, address))


def test_a_server_without_sign_in_is_given_no_permissions(bench: Bench) -> None:
    told = bench.world.call("registry", "permissions", "--json")
    assert told.code == 3
    assert told.json()["error"] == "registry.unavailable"
    assert "mlflow-oidc-auth" in str(told.json()["solution"])


def test_what_is_registered_is_at_the_server_and_nowhere_else(bench: Bench, address: str) -> None:
    world = bench.copied().world
    world.done("new", SCAFFOLD)
    (told,) = world.done("register", f"models/{SCAFFOLD}", "--json").json()
    assert told["registryModel"] == "oncology.biopsy-triage"
    found = MlflowRestReader(RestServer(address)).find(told["registryModel"], told["version"])
    assert found is not None
    assert found.digest == told["digest"]
    fetched = MlflowRestReader(RestServer(address)).fetch(found, world.folder / "fetched")
    assert (fetched / "model.skops").is_file()
    (row,) = world.done("registry", "show", SCAFFOLD, "--json").json()
    assert (row["digest"], row["aliases"]) == (told["digest"], [])
    assert not (world.folder / "registry").exists()


def test_the_gate_asks_the_server(bench: Bench) -> None:
    copy = bench.copied()
    number = copy.proposed(copy.draft("diabetes").edited(DESCRIPTION))
    assert copy.world.gate(number).code == 0
    assert {p["name"]: p["state"] for p in copy.world.call("doctor", "--json").json()}[
        "registry"
    ] == "ready"


@pytest.mark.parametrize(
    "talk",
    [
        answers("<html>sign in</html>", kind="text/html"),
        answers("{}", status="500 Internal Server Error"),
        answers('{"model_version": {"name": "other"}}'),
        drips,
        stays_silent,
    ],
    ids=["html", "error", "another shape", "endless", "silent"],
)
def test_a_server_that_does_not_answer_as_mlflow_blocks(bench: Bench, talk: Talk) -> None:
    copy = bench.copied()
    number = copy.proposed(copy.draft("diabetes").edited(DESCRIPTION))
    with server(talk) as bad:
        pointed_at(copy.world, bad)
        assert_blocked(copy.world, number, "registry.unavailable")
        (row,) = [p for p in copy.world.call("doctor", "--json").json() if p["name"] == "registry"]
        assert row["state"] == "missing"
        assert bad in row["detail"]


def test_a_server_that_is_down_blocks_and_nothing_is_registered(bench: Bench) -> None:
    copy = bench.copied()
    number = copy.proposed(copy.draft("diabetes").edited(DESCRIPTION))
    pointed_at(copy.world, "http://127.0.0.1:9")
    assert_blocked(copy.world, number, "registry.unavailable")
    copy.world.done("new", SCAFFOLD)
    told = copy.world.call("register", f"models/{SCAFFOLD}", "--json")
    assert (told.code, told.json()["error"]) == (3, "registry.unavailable")


def test_a_server_that_lacks_what_main_names_is_not_connected(
    merged: Bench, tmp_path: Path
) -> None:
    world = merged.copied().world
    before = (world.folder / "instance.yaml").read_bytes()
    with server(answers('{"model_versions": []}')) as empty:
        told = world.call("registry", "connect", empty, "--json")
        assert (told.code, told.json()["error"]) == (2, "registry.lacks-versions")
        assert NAME in told.json()["message"]
    for address in ("http://127.0.0.1:9", "mlflow.example", "https://me:secret@mlflow.example"):
        told = world.call("registry", "connect", address, "--json")
        assert told.code in (2, 3)
        assert "secret" not in told.output
    assert (world.folder / "instance.yaml").read_bytes() == before


def test_aliases_follow_main_until_a_model_is_retired(bench: Bench, address: str) -> None:
    copy = bench.copied()
    world, draft = copy.world, copy.draft("diabetes")
    artifact = draft.model.artifact
    assert artifact is not None
    version = artifact.version
    assert world.done("registry", "sync", "--json").json()["changes"] == []
    released(world, draft, "dev", *LOCAL)
    checked = world.call("registry", "sync", "--check", "--json")
    assert (checked.code, aliases(world, version)) == (1, [])
    world.done("registry", "sync")
    assert aliases(world, version) == ["dev"]
    assert world.call("registry", "sync", "--check").code == 0

    # Somebody moves an alias by hand, or makes one of their own: the first is put right.
    client = world.house.registry_to_write()
    client.set_alias(NAME, "champion", version)
    client.remove_alias(NAME, "dev")
    world.done("registry", "sync")
    assert aliases(world, version) == ["champion", "dev"]

    world.merged(world.change("retire", DIABETES, "--from", "dev", "--as", BOT))
    world.done("registry", "sync")
    assert aliases(world, version) == ["champion"]
    client.remove_alias(NAME, "champion")


def test_bytes_that_were_not_released_get_no_alias(bench: Bench) -> None:
    copy = bench.copied()
    world = copy.world
    released(world, copy.draft("diabetes"), "dev", *LOCAL)
    with server(answers(NOTHING)) as empty:
        pointed_at(world, empty)
        told = world.call("registry", "sync", "--json")
        assert told.code == 1
        (strange,) = told.json()["notRegistered"]
        assert (strange["registryModel"], strange["alias"]) == (NAME, "dev")


def test_the_caller_token_is_sent_and_never_shown(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = bench.copied().world
    monkeypatch.setenv("TURNPIKE_MLFLOW_TOKEN", "s3cret-token")
    heard: list[bytes] = []

    def listens(client: socket.socket, request: bytes) -> None:
        heard.append(request)
        answers(NOTHING)(client, request)

    with server(listens) as own:
        pointed_at(world, own)
        told = world.call("registry", "show", "--json")
    assert told.code == 0
    assert all(b"Bearer s3cret-token" in request for request in heard)
    assert "s3cret-token" not in told.output + told.errors
    with pytest.raises(Unavailable):
        MlflowRestReader(RestServer(own)).aliases()
