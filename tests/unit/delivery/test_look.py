"""One look is at all targets; a cluster that can't be read makes no yes and hinders no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pydantic import JsonValue

from turnpike.delivery.look import Clusters, Seen, look
from turnpike.delivery.snapshot import Kind
from turnpike.delivery.wanted import wanted_on
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import Unavailable
from turnpike.git.repository import Repository
from turnpike.topology.environment import ENVIRONMENT
from unit.delivery.released import ENVIRONMENT_TEXT, released
from unit.delivery.test_wanted import KEY, ONE, TWO, committed

Objects = dict[tuple[str, str], JsonValue]


@dataclass
class FakeCluster:
    """Objects by kind and name, all in one namespace; one that is down answers nothing."""

    objects: Objects = field(default_factory=dict)
    is_down: bool = False

    def find(self, kind: Kind, namespace: str, name: str) -> JsonValue:
        assert namespace
        return self.objects.get((kind, name))

    def all_of(self, kind: Kind, namespace: str, labels: Mapping[str, str]) -> list[JsonValue]:
        if self.is_down:
            raise Unavailable(f"{namespace}: no answer for {sorted(labels)}")
        return [one for (of, _), one in self.objects.items() if of == kind]


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    with Repository.create(tmp_path / "host.git") as made:
        yield made


def application(target: str, revision: str) -> Objects:
    name = f"production.{target}.oncology.tumour"
    status: JsonValue = {
        "sync": {"status": "Synced", "revision": revision},
        "health": {"status": "Healthy"},
    }
    return {("Application", name): {"metadata": {"name": name}, "status": status}}


def service(artifact: str) -> Objects:
    metadata: JsonValue = {"name": "tumour", "annotations": {"turnpike.dev/artifact": artifact}}
    one: JsonValue = {"apiVersion": "v1beta1", "kind": "InferenceService", "metadata": metadata}
    return {("InferenceService", "tumour"): one}


def seen(
    repository: Repository, main: ObjectId, argocd: FakeCluster, **clusters: FakeCluster
) -> dict[str, Seen]:
    environment = read(ENVIRONMENT, ENVIRONMENT_TEXT, "environment.yaml")
    wanted = wanted_on(repository, main, environment, KEY)
    of = Clusters(argocd, "argocd", lambda name: clusters[name.removeprefix("production-")])
    return {one.wanted.key.target: one for one in look(repository, main, wanted, of)}


def test_in_step_is_what_argo_cd_and_the_cluster_both_say(repository: Repository) -> None:
    main = committed(repository, released("tumour", ONE))
    argocd = FakeCluster(application("local", main))
    good = seen(repository, main, argocd, local=FakeCluster(service(ONE)))
    assert set(good) == {"local"}
    assert good["local"].is_in_step
    bad = seen(repository, main, argocd, local=FakeCluster(service(TWO)))
    assert [gap.code for gap in bad["local"].gaps] == ["foreign"]


def test_a_cluster_that_is_down_is_no_yes_and_hinders_no_other(repository: Repository) -> None:
    files = {**released("tumour", ONE), **released("tumour", ONE, target="other")}
    main = committed(repository, files)
    argocd = FakeCluster({**application("local", main), **application("other", main)})
    down, up = FakeCluster(is_down=True), FakeCluster(service(ONE))
    found = seen(repository, main, argocd, local=down, other=up)
    assert not found["local"].is_in_step
    assert found["local"].unread
    assert found["other"].is_in_step


def test_what_nobody_wants_and_nobody_has_is_left_out(repository: Repository) -> None:
    main = committed(repository, released("lesion", ONE))
    assert seen(repository, main, FakeCluster()) == {}


def test_what_was_retired_is_in_step_once_nothing_of_it_stands(repository: Repository) -> None:
    files = released("tumour", ONE)
    gone = committed(repository, dict.fromkeys(files), committed(repository, files))
    left = seen(repository, gone, FakeCluster(), local=FakeCluster(service(ONE)))["local"]
    assert [gap.code for gap in left.gaps] == ["left"]
    assert "kubectl --context production-local" in left.gaps[0].solution
    strange = seen(repository, gone, FakeCluster(), local=FakeCluster(service(TWO)))["local"]
    assert "Find out who put it there" in strange.gaps[0].solution
    assert seen(repository, gone, FakeCluster(), local=FakeCluster({}))["local"].is_in_step
