"""A recall sees every manifest of a commit, and all that stood at a place before, newest first."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.canonical import canonical_document
from turnpike.documents.reading import read
from turnpike.errors import InvalidDocument
from turnpike.judge.layout import ModelKey
from turnpike.manifest.release import RELEASE
from turnpike.promotion.inventory import earlier_releases, manifests_named, models_on
from unit.judge import examples
from unit.promotion.monorepo import Monorepo, manifest_text
from unit.promotion.world import KEY, path_in

DEV = path_in("dev")


@pytest.fixture
def monorepo(tmp_path: Path) -> Monorepo:
    return Monorepo.created(tmp_path)


def versions_at(monorepo: Monorepo, path: str = DEV) -> list[str]:
    found = earlier_releases(monorepo.repository, monorepo.main, [path])
    assert found.releases.keys() == {path}
    assert found.unexamined == ()
    return [one.version for one in found.releases[path]]


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
    assert {path: [one.version for one in past] for path, past in found.releases.items()} == {
        DEV: ["1"], path_in("staging"): [],
    }  # fmt: skip
    assert earlier_releases(monorepo.repository, monorepo.main, []).releases == {}


def test_the_past_is_that_of_the_commit_that_is_asked_about(monorepo: Monorepo) -> None:
    monorepo.release(1)
    then = monorepo.release(2)
    monorepo.release(3)
    (one,) = earlier_releases(monorepo.repository, then, [DEV]).releases[DEV]
    assert one.version == "1"


def test_where_nothing_ever_stood_there_is_nothing_to_go_back_to(monorepo: Monorepo) -> None:
    assert versions_at(monorepo, path_in("production")) == []


def test_an_earlier_release_that_cannot_be_read_is_named_and_holds_no_other_up(
    monorepo: Monorepo,
) -> None:
    """A recall has to go through everything else: nobody can mend what main once had."""
    monorepo.release(1)
    text = monorepo.repository.read(monorepo.main, DEV)
    assert text is not None
    broken = monorepo.commit({DEV: text.replace(b"traffic: 100", b"traffic: all")})
    monorepo.commit({DEV: text})
    monorepo.release(2)
    found = earlier_releases(monorepo.repository, monorepo.main, [DEV])
    assert [one.version for one in found.releases[DEV]] == ["1", "1"]
    (one,) = found.unexamined
    assert (one.commit, one.problem.file, one.problem.field) == (broken, DEV, "traffic")
    assert (one.problem.expected, one.problem.actual) == ("integer", '"all"')
    assert str(one).startswith(f"{DEV}:")
    assert str(one).endswith(f'traffic: expected integer, found "all" (commit {broken[:12]})')
    value = one.value()
    assert (value["commit"], value["found"]) == (broken, '"all"')
    assert one.problem.line == text.splitlines().index(b"traffic: 100") + 1


def test_a_manifest_of_the_past_that_cannot_be_read_is_named_by_its_blob(
    monorepo: Monorepo,
) -> None:
    monorepo.release(1)
    content = monorepo.repository.read(monorepo.main, DEV)
    release = read(RELEASE, content or b"", DEV)
    monorepo.commit({KEY.manifest_path: b"kind: predictive\n"})
    blob = monorepo.repository.blob_id(monorepo.main, KEY.manifest_path)
    assert blob is not None
    other = release.model_copy(update={"manifest": blob})
    found, lost = manifests_named(monorepo.repository, [release, other])
    assert found.keys() == {release.manifest}
    assert {(one.commit, one.problem.file) for one in lost} == {(None, f"manifest {blob}")}
    assert str(lost[0]).startswith(f"manifest {blob}:1: apiVersion: expected the field")
