from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from turnpike.cluster.local import LocalServer
from turnpike.delivery.predict import infer
from turnpike.delivery.serve import BY_GATEWAY, WITHOUT_TRAFFIC, Served, plan_serving, serve
from turnpike.documents.identifiers import Digest, digest_of
from turnpike.errors import InvalidDocument
from turnpike.registry.store import ArtifactStore
from unit.cluster import small_server
from unit.delivery.released import released, released_route

ARTIFACT = digest_of(b"artifact")
FOLDER = "environments/production/local/oncology"


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path / "store")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LocalServer]:
    python = small_server.install(tmp_path / "interpreter")
    with LocalServer(python, tmp_path / "state", starting_seconds=300) as started:
        yield started


def stored(store: ArtifactStore, tmp_path: Path, added: float) -> Digest:
    return store.put(small_server.write_model(tmp_path / f"trained-{added}", ("a", "b"), added))


def serving(
    files: dict[str, bytes], store: ArtifactStore, server: LocalServer, tmp_path: Path
) -> Served:
    plan = plan_serving(files, "production", "local")
    return serve(plan, store, tmp_path / "artifacts", server)


def test_a_plan_holds_the_releases_of_one_target_and_nothing_else() -> None:
    files = {
        **released("one", ARTIFACT),
        **released("two", ARTIFACT, target="other"),
        "environments/production/environment.yaml": b"not read",
        f"{FOLDER}/one/settings.yaml": b"not read",
    }
    plan = plan_serving(files, "production", "local")
    assert [str(item.key) for item in plan.planned] == ["production/local/oncology/one"]
    assert plan_serving(files, "staging", "local").planned == ()


@pytest.mark.parametrize("share", [0, 10])
def test_a_candidate_is_served_beside_what_has_the_rest(
    store: ArtifactStore, server: LocalServer, tmp_path: Path, share: int
) -> None:
    old, new = stored(store, tmp_path, 1.0), stored(store, tmp_path, 2.0)
    files = released("one", new, traffic=share, rest=old)
    served = serving(files, store, server, tmp_path)
    assert [(one.name, one.version, one.artifact) for one in served.running] == [
        ("oncology.one", "2", old), ("oncology.one.candidate", "3", new),
    ]  # fmt: skip
    (everybody,) = (one for one in served.running if not one.candidate)
    answer = infer(everybody.endpoint, "oncology/one", [{"a": 1.0, "b": 1.0}])
    assert answer.artifact == old


def test_each_of_two_that_share_knows_what_is_beside_it() -> None:
    old, new = digest_of(b"old"), digest_of(b"new")
    shared = {**released("one", new, traffic=10, rest=old), **released("two", old)}
    plan = plan_serving(shared, "production", "local")
    found = {(one.release.model, one.release.artifact): plan.beside(one) for one in plan.planned}
    assert found == {("one", new): old, ("one", old): new, ("two", old): ""}


def test_a_rest_that_is_not_what_it_was_is_refused(
    store: ArtifactStore, server: LocalServer, tmp_path: Path
) -> None:
    new = stored(store, tmp_path, 2.0)
    files = released("one", new, traffic=10, rest=digest_of(b"never stored"))
    served = serving(files, store, server, tmp_path)
    assert [one.artifact for one in served.running] == [new]
    assert [str(one.key) for one in served.refused] == ["production/local/oncology/one"]


def test_what_is_not_served_here_is_listed_with_its_reason() -> None:
    files = {**released_route("summary"), **released("idle", ARTIFACT, traffic=0)}
    plan = plan_serving(files, "production", "local")
    assert plan.planned == ()
    assert {(item.key.model, item.reason) for item in plan.skipped} == {
        ("summary", BY_GATEWAY),
        ("idle", WITHOUT_TRAFFIC),
    }


def test_a_release_without_manifests_is_refused() -> None:
    files = released("one", ARTIFACT)
    del files[f"{FOLDER}/one/manifests.yaml"]
    with pytest.raises(InvalidDocument, match=r"one/manifests\.yaml: expected the rendered"):
        plan_serving(files, "production", "local")


def test_a_step_for_another_artifact_than_the_released_one_is_refused() -> None:
    path = f"{FOLDER}/one/manifests.yaml"
    files = released("one", ARTIFACT) | {path: released("one", digest_of(b"other"))[path]}
    with pytest.raises(InvalidDocument, match=f"expected {ARTIFACT}"):
        plan_serving(files, "production", "local")


def test_a_release_in_the_folder_of_another_model_is_refused() -> None:
    files = {
        path.replace("/one/", "/two/"): content
        for path, content in released("one", ARTIFACT).items()
    }
    with pytest.raises(InvalidDocument, match="expected oncology/two, found oncology/one"):
        plan_serving(files, "production", "local")


def test_what_runs_is_what_is_released(
    store: ArtifactStore, server: LocalServer, tmp_path: Path
) -> None:
    artifact = stored(store, tmp_path, 1.0)
    stored(store, tmp_path, 2.0)  # registered, and released nowhere
    files = {**released("one", artifact), **released_route("summary")}
    served = serving(files, store, server, tmp_path)
    assert [(r.model, r.artifact, r.version) for r in served.running] == [("one", artifact, "3")]
    assert [skipped.key.model for skipped in served.skipped] == ["summary"]
    answer = infer(server.endpoint, "oncology/one", [{"a": 1.0, "b": 1.0}])
    assert (answer.artifact, answer.values) == (artifact, (3.0,))


def test_tampered_storage_is_refused_and_taken_out_of_service(
    store: ArtifactStore, server: LocalServer, tmp_path: Path
) -> None:
    good, bad = stored(store, tmp_path, 1.0), stored(store, tmp_path, 2.0)
    files = {**released("good", good), **released("bad", bad)}
    before = serving(files, store, server, tmp_path)
    assert [running.model for running in before.running] == ["bad", "good"]
    with (store.path_of(bad) / "MLmodel").open("ab") as file:
        file.write(b" ")
    after = serving(files, store, server, tmp_path)
    assert [running.model for running in after.running] == ["good"]
    (refused,) = after.refused
    assert (refused.key.model, refused.exit_code) == ("bad", 1)
    assert "artifact.digest-mismatch" in refused.message


def test_an_artifact_that_is_not_in_the_store_is_refused(
    store: ArtifactStore, server: LocalServer, tmp_path: Path
) -> None:
    served = serving(released("one", ARTIFACT), store, server, tmp_path)
    assert served.running == ()
    assert "artifact.missing" in served.refused[0].message


def test_what_is_served_no_longer_depends_on_the_store(
    store: ArtifactStore, server: LocalServer, tmp_path: Path
) -> None:
    artifact = stored(store, tmp_path, 1.0)
    served = serving(released("one", artifact), store, server, tmp_path)
    with (store.path_of(artifact) / "MLmodel").open("wb") as file:
        file.write(b"{}")
    assert server.running() == served.running
    folder = tmp_path / "artifacts" / "production" / "oncology" / "one"
    assert b"columns" in (folder / artifact.removeprefix("sha256:") / "MLmodel").read_bytes()
