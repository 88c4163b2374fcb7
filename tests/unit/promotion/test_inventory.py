"""A recall sees every manifest of a commit, and all that stood at a place before, newest first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from turnpike.documents.canonical import canonical_document
from turnpike.errors import InvalidDocument
from turnpike.judge.layout import ModelKey
from turnpike.promotion.inventory import earlier_releases, models_on
from unit.judge import examples
from unit.promotion.monorepo import Monorepo, manifest_text
from unit.promotion.world import KEY, path_in

DEV = path_in("dev")


@pytest.fixture
def monorepo(tmp_path: Path) -> Monorepo:
    return Monorepo.created(tmp_path)


def versions_at(monorepo: Monorepo, path: str = DEV) -> list[str]:
    found = earlier_releases(monorepo.repository, monorepo.main, [path])
    assert found.keys() == {path}
    return [one.version for one in found[path]]


def test_every_model_of_a_commit_is_there_as_it_was_then(monorepo: Monorepo) -> None:
    before = monorepo.main
    other = ModelKey("cardiology", "rhythm")
    text = canonical_document(examples.model(team="cardiology", name="rhythm"))
    monorepo.commit({other.manifest_path: text, KEY.manifest_path: manifest_text(2)})
    assert models_on(monorepo.repository, before).keys() == {KEY}
    now = models_on(monorepo.repository, monorepo.main)
    assert now.keys() == {KEY, other}
    versions = [one.artifact.version for one in now.values() if one.artifact]
    assert sorted(versions) == ["1", "2"]


def test_a_model_that_is_deleted_is_gone(monorepo: Monorepo) -> None:
    monorepo.commit({KEY.manifest_path: None})
    assert models_on(monorepo.repository, monorepo.main) == {}


@pytest.mark.parametrize(
    "path",
    ["models/oncology/triage/checks/model.yaml", "models/oncology/model.yaml", "models/model.yaml",
     "models/oncology/triage/model.yml", "docs/models/oncology/other/model.yaml"],
)  # fmt: skip
def test_what_only_looks_like_a_manifest_is_none(monorepo: Monorepo, path: str) -> None:
    monorepo.commit({path: b"not a manifest"})
    assert models_on(monorepo.repository, monorepo.main).keys() == {KEY}


def test_a_manifest_that_cannot_be_read_is_named_and_not_passed_over(monorepo: Monorepo) -> None:
    """A recall that overlooked it would say that nothing bad is left."""
    monorepo.commit({"models/oncology/broken/model.yaml": b"kind: predictive\n"})
    with pytest.raises(InvalidDocument, match=r"models/oncology/broken/model\.yaml"):
        models_on(monorepo.repository, monorepo.main)


def test_what_stands_now_is_not_what_stood_before(monorepo: Monorepo) -> None:
    monorepo.release(1)
    assert versions_at(monorepo) == []
    monorepo.release(2)
    monorepo.release(3)
    assert versions_at(monorepo) == ["2", "1"]


def test_a_release_that_was_retired_in_between_still_stood_there(monorepo: Monorepo) -> None:
    monorepo.release(1)
    monorepo.retire("dev")
    monorepo.release(2)
    assert versions_at(monorepo) == ["1"]


def test_another_place_has_a_past_of_its_own(monorepo: Monorepo) -> None:
    monorepo.release(1)
    monorepo.promote("staging")
    monorepo.release(2)
    found = earlier_releases(monorepo.repository, monorepo.main, [DEV, path_in("staging")])
    assert {path: [one.version for one in past] for path, past in found.items()} == {
        DEV: ["1"], path_in("staging"): [],
    }  # fmt: skip
    assert earlier_releases(monorepo.repository, monorepo.main, []) == {}


def test_the_past_is_that_of_the_commit_that_is_asked_about(monorepo: Monorepo) -> None:
    monorepo.release(1)
    then = monorepo.release(2)
    monorepo.release(3)
    (one,) = earlier_releases(monorepo.repository, then, [DEV])[DEV]
    assert one.version == "1"


def test_where_nothing_ever_stood_there_is_nothing_to_go_back_to(monorepo: Monorepo) -> None:
    assert versions_at(monorepo, path_in("production")) == []


def test_an_earlier_release_that_cannot_be_read_is_named(monorepo: Monorepo) -> None:
    monorepo.release(1)
    text = monorepo.repository.read(monorepo.main, DEV)
    monorepo.commit({DEV: b"kind: Release\n"})
    monorepo.commit({DEV: text})
    with pytest.raises(InvalidDocument, match=re.escape(DEV)):
        versions_at(monorepo)
