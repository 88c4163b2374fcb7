"""What a commit of main wants in a target, and what a revision is to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from turnpike.delivery.wanted import Wanted, standing_of_revision, wanted_on
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.documents.reading import read
from turnpike.git.objects import EMPTY_TREE, Identity
from turnpike.git.repository import Repository
from turnpike.judge.layout import ModelKey
from turnpike.topology.environment import ENVIRONMENT
from unit.delivery.released import ENVIRONMENT_TEXT, released, released_route

ONE, TWO = digest_of(b"one"), digest_of(b"two")
KEY = ModelKey("oncology", "tumour")
FOLDER = "environments/production/local/oncology/tumour"
WHO = Identity("Maria", "maria@example.org")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    with Repository.create(tmp_path / "host.git") as made:
        yield made


def committed(
    repository: Repository, files: Mapping[str, bytes | None], parent: ObjectId | None = None
) -> ObjectId:
    tree = repository.write_tree_with(parent or EMPTY_TREE, files)
    parents = (parent,) if parent else ()
    return repository.write_commit(tree, parents, WHO, WHO, "Change\n", NOW)


def local_on(repository: Repository, main: ObjectId, key: ModelKey = KEY) -> Wanted:
    environment = read(ENVIRONMENT, ENVIRONMENT_TEXT, "environment.yaml")
    local, other = wanted_on(repository, main, environment, key)
    assert (local.cluster, other.cluster) == ("production-local", "production-other")
    assert other.release is None
    return local


def test_what_is_released_is_wanted_and_what_was_released_is_known(repository: Repository) -> None:
    first = committed(repository, released("tumour", ONE))
    second = committed(repository, {**released("tumour", TWO), **released("lesion", ONE)}, first)
    wanted = local_on(repository, second)
    assert wanted.release is not None
    assert wanted.release.artifact == TWO
    assert wanted.ever == {ONE, TWO}
    assert wanted.neighbours == {"tumour", "lesion"}
    assert wanted.namespace == "production-oncology"
    assert wanted.application == "production.local.oncology.tumour"
    assert (wanted.kind, wanted.carrier) == ("InferenceService", "tumour")


def test_a_release_of_the_past_that_cannot_be_read_was_never_known_here(
    repository: Repository,
) -> None:
    """What runs of it is foreign, and all else is compared as ever."""
    first = committed(repository, released("tumour", ONE))
    broken = committed(repository, {f"{FOLDER}/release.yaml": b"kind: Release\n"}, first)
    wanted = local_on(repository, committed(repository, released("tumour", TWO), broken))
    assert wanted.release is not None
    assert wanted.release.artifact == TWO
    assert wanted.ever == {ONE, TWO}


def test_a_route_is_carried_by_its_config_map(repository: Repository) -> None:
    main = committed(repository, released_route("summary"))
    wanted = local_on(repository, main, ModelKey("oncology", "summary"))
    assert (wanted.kind, wanted.carrier) == ("ConfigMap", "summary-route")


def test_nothing_is_wanted_of_what_is_retired(repository: Repository) -> None:
    first = committed(repository, released("tumour", ONE))
    main = committed(repository, dict.fromkeys(released("tumour", ONE)), first)
    wanted = local_on(repository, main)
    assert wanted.release is None
    assert wanted.ever == {ONE}


def test_a_revision_counts_by_what_it_has_in_the_folder(repository: Repository) -> None:
    first = committed(repository, released("tumour", ONE))
    second = committed(repository, released("tumour", TWO), first)
    main = committed(repository, {"docs/page.md": b"# Page\n"}, second)
    aside = committed(repository, {"docs/aside.md": b"# Aside\n"}, second)
    assert standing_of_revision(repository, main, second, FOLDER) == "current"
    assert standing_of_revision(repository, main, main, FOLDER) == "current"
    assert standing_of_revision(repository, main, first, FOLDER) == "older"
    assert standing_of_revision(repository, main, "d" * 40, FOLDER) == "foreign"
    assert standing_of_revision(repository, main, aside, FOLDER) == "foreign"
