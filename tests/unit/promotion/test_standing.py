"""What stands on main is read from the commit that is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.canonical import canonical_document
from turnpike.errors import InvalidDocument
from turnpike.judge.layout import ModelKey
from turnpike.promotion.standing import (
    environments_on,
    manifest_on,
    manifests_of,
    standing_of,
    standing_of_all,
)
from unit.judge.deployed import settings
from unit.promotion.monorepo import Monorepo, manifest_text
from unit.promotion.world import ENVIRONMENTS, KEY, path_in, version_of


@pytest.fixture
def monorepo(tmp_path: Path) -> Monorepo:
    return Monorepo.created(tmp_path)


def test_every_environment_is_found_by_name(monorepo: Monorepo) -> None:
    assert environments_on(monorepo.repository, monorepo.main) == ENVIRONMENTS


def test_releases_and_settings_are_those_of_the_commit(monorepo: Monorepo) -> None:
    before = monorepo.main
    monorepo.release(1)
    path = path_in("dev").replace("release", "settings")
    monorepo.commit({path: canonical_document(settings(3))})
    standing = standing_of(monorepo.repository, monorepo.main, [KEY])
    assert set(standing.releases) == {path_in("dev")}
    assert standing.settings == {path: settings(3)}
    assert standing_of(monorepo.repository, before, [KEY]).releases == {}


def test_other_models_are_found_only_when_all_are_asked_for(monorepo: Monorepo) -> None:
    monorepo.release(1)
    other = ModelKey("oncology", "other")
    assert standing_of(monorepo.repository, monorepo.main, [other]).releases == {}
    assert set(standing_of_all(monorepo.repository, monorepo.main).releases) == {path_in("dev")}


def test_a_manifest_is_found_by_the_blob_that_a_release_names(monorepo: Monorepo) -> None:
    monorepo.release(1)
    monorepo.commit({KEY.manifest_path: manifest_text(2)})
    releases = standing_of(monorepo.repository, monorepo.main, [KEY]).releases
    (found,) = manifests_of(monorepo.repository, releases.values()).values()
    assert found == version_of(1), "main has moved on; the release has not"


def test_a_model_that_main_does_not_have_has_no_manifest(monorepo: Monorepo) -> None:
    assert manifest_on(monorepo.repository, monorepo.main, ModelKey("a", "b")) is None
    found = manifest_on(monorepo.repository, monorepo.main, KEY)
    assert found is not None
    assert found[1] == version_of(1)


def test_an_environment_that_does_not_parse_stops_the_reading(monorepo: Monorepo) -> None:
    monorepo.commit({"environments/dev/environment.yaml": b"name: dev\n"})
    with pytest.raises(InvalidDocument):
        environments_on(monorepo.repository, monorepo.main)
