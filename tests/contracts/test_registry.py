"""One contract for every way to a registry: MLflow itself, its SQLite file, its REST API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from contracts.mlflow_server import mlflow_server
from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError, IntegrityError, Unavailable
from turnpike.registry.artifact_digest import artifact_digest
from turnpike.registry.interface import (
    DIGEST_TAG,
    RegisteredVersion,
    Registry,
    RegistryCatalogue,
    RegistryReader,
)
from turnpike.registry.mlflow import MlflowRegistry
from turnpike.registry.mlflow_rest import MlflowRestReader
from turnpike.registry.mlflow_sqlite import MlflowSqliteReader
from turnpike.registry.rest import RestServer
from unit.registry.small_artifact import FILES, small_artifact

pytestmark = pytest.mark.filterwarnings("default")  # MLflow's own imports warn

_MODEL = "oncology.tumour-malignancy"


@dataclass(frozen=True, slots=True)
class Place:
    """A real registry: how it is written to, and every way in which it is read."""

    writer: Registry
    readers: dict[str, RegistryCatalogue]
    kept: Path
    first: RegisteredVersion
    second: RegisteredVersion


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Place:
    home = tmp_path_factory.mktemp("embedded")
    writer = MlflowRegistry.embedded(home)
    return _filled(writer, {"mlflow": writer, "quick": MlflowSqliteReader(home)}, home)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("served")
    with mlflow_server(home) as address:
        server = RestServer(address)
        writer = MlflowRegistry.on_server(server)
        yield _filled(writer, {"mlflow": writer, "quick": MlflowRestReader(server)}, home)


@pytest.fixture(params=["embedded", "served"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["mlflow", "quick"])
def reader(request: pytest.FixtureRequest, place: Place) -> RegistryCatalogue:
    name: str = request.param
    return place.readers[name]


def _filled(writer: Registry, readers: dict[str, RegistryCatalogue], home: Path) -> Place:
    found = []
    for model in (b"first", b"second"):
        folder = small_artifact(home / "source" / model.decode(), model=model)
        tags = {"turnpike.team": "oncology"}
        found.append(writer.register(_MODEL, folder, artifact_digest(folder), tags))
    return Place(writer, readers, home, found[0], found[1])


def test_a_registered_version_is_found_with_its_digest_and_tags(
    place: Place, reader: RegistryReader
) -> None:
    assert reader.find(_MODEL, place.first.version) == place.first
    assert place.first.tags == {"turnpike.team": "oncology", DIGEST_TAG: place.first.digest}


def test_versions_come_oldest_first(place: Place, reader: RegistryReader) -> None:
    assert [v.version for v in (place.first, place.second)] == ["1", "2"]
    assert reader.versions(_MODEL)[:2] == (place.first, place.second)


@pytest.mark.parametrize(
    ("name", "version"),
    [(_MODEL, "99"), ("nobody.nothing", "1"), (_MODEL, "latest"), (_MODEL, "0"), (_MODEL, "1 ")],
)
def test_what_is_not_there_is_none(reader: RegistryReader, name: str, version: str) -> None:
    assert reader.find(name, version) is None


def test_every_version_is_found_in_one_go_with_its_digest_alone(
    place: Place, reader: RegistryCatalogue
) -> None:
    found = {(one.name, one.version): one for one in reader.every_version()}
    for version in (place.first, place.second):
        bare = replace(version, tags={DIGEST_TAG: version.digest})
        assert found[version.name, version.version] == bare


def test_an_alias_names_one_version_until_it_is_taken_away(
    place: Place, reader: RegistryCatalogue
) -> None:
    assert reader.aliases() == {}
    place.writer.set_alias(_MODEL, "production", "1")
    place.writer.set_alias(_MODEL, "production", "2")
    place.writer.set_alias(_MODEL, "dev", "2")
    assert reader.aliases() == {_MODEL: {"production": "2", "dev": "2"}}
    for alias in ("production", "dev", "production"):
        place.writer.remove_alias(_MODEL, alias)
    assert reader.aliases() == {}


def test_no_alias_names_what_is_not_registered(place: Place) -> None:
    with pytest.raises(Unavailable):
        place.writer.set_alias(_MODEL, "production", "99")
    assert place.writer.aliases() == {}


def test_an_unknown_model_has_no_versions(reader: RegistryReader) -> None:
    assert reader.versions("nobody.nothing") == ()


def test_the_fetched_folder_holds_the_registered_bytes(
    place: Place, reader: RegistryReader, tmp_path: Path
) -> None:
    folder = reader.fetch(place.first, tmp_path / "into")
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert found == {**FILES, "model.skops": b"first"}
    assert list(tmp_path.iterdir()) == [folder]


def test_bytes_of_another_digest_are_not_handed_over(
    place: Place, reader: RegistryReader, tmp_path: Path
) -> None:
    lie = RegisteredVersion(_MODEL, "1", Digest("sha256:" + "0" * 64), place.first.location)
    with pytest.raises(IntegrityError) as refusal:
        reader.fetch(lie, tmp_path / "into")
    assert refusal.value.code == "artifact.digest-mismatch"
    assert list(tmp_path.iterdir()) == []


def test_an_artifact_that_is_gone_is_unavailable(
    place: Place, reader: RegistryReader, tmp_path: Path
) -> None:
    gone = RegisteredVersion(_MODEL, "1", place.first.digest, place.first.location + "-gone")
    with pytest.raises((Unavailable, IntegrityError)):
        reader.fetch(gone, tmp_path / "into")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_fetched_over_a_folder_that_exists(
    place: Place, reader: RegistryReader, tmp_path: Path
) -> None:
    with pytest.raises(InputError):
        reader.fetch(place.first, tmp_path)


def test_the_same_bytes_get_no_second_version(place: Place, tmp_path: Path) -> None:
    again = small_artifact(tmp_path / "again", model=b"first")
    found = place.writer.register(_MODEL, again, artifact_digest(again), {"other": "tags"})
    assert found == place.first


def test_bytes_that_are_not_of_the_digest_are_not_registered(
    place: Place, reader: RegistryReader, tmp_path: Path
) -> None:
    folder = small_artifact(tmp_path / "a", model=b"third")
    with pytest.raises(IntegrityError):
        place.writer.register(_MODEL, folder, place.first.digest, {})
    assert {v.digest for v in reader.versions(_MODEL)} == {place.first.digest, place.second.digest}


def test_a_candidate_without_a_digest_and_a_deleted_version_do_not_count(
    place: Place, reader: RegistryReader, tmp_path: Path
) -> None:
    from mlflow import MlflowClient

    assert isinstance(place.writer, MlflowRegistry)
    client = MlflowClient(place.writer.tracking, place.writer.tracking)
    name = f"oncology.{tmp_path.name.replace('[', '-').replace(']', '')}"
    folder = small_artifact(tmp_path / "a", model=name.encode())
    kept = place.writer.register(name, folder, artifact_digest(folder), {})
    run = client.get_model_version(name, kept.version).run_id
    client.create_model_version(name, kept.location, run)
    assert reader.versions(name) == (kept,)
    assert reader.find(name, "2") is None
    client.delete_model_version(name, kept.version)
    assert reader.versions(name) == ()
    assert reader.find(name, "1") is None


def test_a_server_that_is_down_is_unavailable_for_every_way_to_it(tmp_path: Path) -> None:
    server = RestServer("http://127.0.0.1:9")
    ways: tuple[RegistryReader, ...] = (MlflowRegistry.on_server(server), MlflowRestReader(server))
    for way in ways:
        with pytest.raises(Unavailable) as failure:
            way.find(_MODEL, "1")
        assert failure.value.code == "registry.unavailable"
