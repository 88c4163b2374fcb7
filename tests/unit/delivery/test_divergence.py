"""Every object of main's manifests is compared with the cluster's; nothing of it is passed over."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from turnpike.delivery.divergence import Divergence, divergences
from turnpike.delivery.wanted import wanted_on
from turnpike.documents.identifiers import ObjectId
from turnpike.documents.reading import read
from turnpike.errors import Unavailable
from turnpike.git.repository import Repository
from turnpike.judge.layout import ModelKey
from turnpike.topology.environment import ENVIRONMENT
from unit.delivery.released import ENVIRONMENT_TEXT, released, released_route
from unit.delivery.test_look import FakeCluster, Objects, service
from unit.delivery.test_wanted import KEY, ONE, TWO, committed


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    with Repository.create(tmp_path / "host.git") as made:
        yield made


def found(
    repository: Repository, main: ObjectId, cluster: FakeCluster, key: ModelKey = KEY
) -> dict[str, Divergence]:
    environment = read(ENVIRONMENT, ENVIRONMENT_TEXT, "environment.yaml")
    wanted = wanted_on(repository, main, environment, key)[0]
    return {one.subject: one for one in divergences(repository, main, wanted, cluster)}


def objects_of(files: dict[str, bytes]) -> list[dict[str, Any]]:
    (content,) = (text for path, text in files.items() if path.endswith("manifests.yaml"))
    return list(yaml.load_all(content, Loader=yaml.CSafeLoader))


def standing(objects: list[dict[str, Any]]) -> Objects:
    """Return the objects as a cluster has them, which adds fields of its own."""
    grown = deepcopy(objects)
    for number, one in enumerate(grown):
        one["metadata"] |= {"uid": str(number), "resourceVersion": "7", "managedFields": []}
        one["status"] = {"conditions": []}
    return {(one["kind"], one["metadata"]["name"]): one for one in grown}


def test_a_cluster_that_has_what_main_has_and_more_does_not_diverge(
    repository: Repository,
) -> None:
    files = released("tumour", ONE)
    main = committed(repository, files)
    assert found(repository, main, FakeCluster(standing(objects_of(files)))) == {}


def test_an_empty_cluster_lacks_every_object(repository: Repository) -> None:
    files = released("tumour", ONE)
    main = committed(repository, files)
    missing = found(repository, main, FakeCluster())
    assert len(missing) == len(objects_of(files)) > 3
    assert all(one.is_missing and one.fields == () for one in missing.values())


def test_each_object_is_missed_and_told_alone(repository: Repository) -> None:
    files = released("tumour", ONE)
    main = committed(repository, files)
    whole = standing(objects_of(files))
    for kind, name in whole:
        rest = {place: one for place, one in whole.items() if place != (kind, name)}
        assert found(repository, main, FakeCluster(rest)).keys() == {f"{kind}/{name}"}


def test_a_missing_object_and_another_value_diverge(repository: Repository) -> None:
    main = committed(repository, released("tumour", ONE))
    seen = found(repository, main, FakeCluster(service(TWO)))
    assert seen["ServiceAccount/tumour"].is_missing
    differing = {one.path: one.found for one in seen["InferenceService/tumour"].fields}
    assert differing["metadata.annotations.turnpike.dev/artifact"] == TWO


def leaves(value: Any, *steps: str | int) -> Iterator[tuple[str | int, ...]]:
    inside: Any = value.items() if isinstance(value, dict) else ()
    inside = enumerate(value) if isinstance(value, list) else inside
    if steps and not isinstance(value, dict | list):
        yield steps
    for step, inner in inside:
        yield from leaves(inner, *steps, step)


@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_no_field_that_main_gives_a_value_can_be_edited_unseen(
    repository: Repository, data: st.DataObject
) -> None:
    """A weight, a limit, an image, a network policy: whatever somebody edits by hand."""
    files = released("tumour", ONE)
    main = committed(repository, files)
    objects = objects_of(files)
    number = data.draw(st.integers(0, len(objects) - 1))
    one = objects[number]
    named = {("kind",), ("metadata", "name"), ("metadata", "namespace")}
    path = data.draw(st.sampled_from(sorted(set(leaves(one)) - named, key=str)))
    cluster = standing(objects)
    place: Any = cluster[one["kind"], one["metadata"]["name"]]
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = "edited by hand"
    seen = found(repository, main, FakeCluster(cluster))
    assert seen.keys() == {f"{one['kind']}/{one['metadata']['name']}"}
    ((only,),) = (divergence.fields for divergence in seen.values())
    assert only.found == "edited by hand"


def test_a_route_is_compared_as_any_object_is(repository: Repository) -> None:
    files = released_route("summary")
    main = committed(repository, files)
    key = ModelKey("oncology", "summary")
    assert found(repository, main, FakeCluster(standing(objects_of(files))), key) == {}
    assert "ConfigMap/summary-route" in found(repository, main, FakeCluster(), key)


def test_where_nothing_is_released_nothing_is_missed(repository: Repository) -> None:
    main = committed(repository, released("lesion", ONE))
    assert found(repository, main, FakeCluster(service(TWO))) == {}


def test_a_cluster_that_cannot_be_read_is_no_cluster_without_objects(
    repository: Repository,
) -> None:
    class Silent(FakeCluster):
        def find(self, kind: object, namespace: str, name: str) -> None:
            raise Unavailable(f"{namespace}: no answer for {kind} {name}")

    main = committed(repository, released("tumour", ONE))
    with pytest.raises(Unavailable):
        found(repository, main, Silent())
