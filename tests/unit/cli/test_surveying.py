"""What an earlier plan kept is believed only where nothing that it rests on has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from turnpike.cli.surveying import Survey
from turnpike.cli.wiring import House, now
from turnpike.documents.canonical import canonical_document
from turnpike.documents.identifiers import ObjectId
from turnpike.git.objects import EMPTY_TREE
from turnpike.judge.layout import ModelKey
from turnpike.promotion.ground import Ground
from turnpike.promotion.survey import listing_on
from turnpike.promotion.testimony import Heard
from turnpike.record.keys import keys_at
from unit.instance.aurora import MARIA, Aurora
from unit.judge.examples import ARTIFACT, model

KEY = ModelKey("oncology", "triage")
Begun = Callable[[ObjectId], Survey]


@pytest.fixture
def begun(aurora: Aurora, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Begun:
    """Return what begins a survey of a commit, as the next plan of the same instance would."""
    monkeypatch.setenv("TURNPIKE_CACHE", str(tmp_path))

    def begin(main: ObjectId) -> Survey:
        house = House(aurora.instance)
        ground = Ground(main, house.organisation, {}, keys=keys_at(house.host, aurora.main()))
        return Survey.begun(house, ground, house.record.at_tip(), now())

    return begin


def commit(aurora: Aurora, files: dict[str, bytes | None]) -> ObjectId:
    """Write a commit into the host that is on no branch."""
    tree = aurora.host.write_tree_with(EMPTY_TREE, files)
    return aurora.host.write_commit(tree, (), MARIA, MARIA, "Models\n", now())


def manifest(name: str = "triage") -> dict[str, bytes | None]:
    return {f"models/oncology/{name}/model.yaml": canonical_document(model(name=name))}


def kept(survey: Survey) -> Survey:
    """Keep what a survey finds, as a plan of everything does."""
    listing = survey.listing()
    survey.keep(listing, survey.fleet(listing), survey.heard(frozenset((ARTIFACT,))))
    return survey


def test_what_was_kept_is_what_would_be_read(aurora: Aurora, begun: Begun) -> None:
    main = commit(aurora, manifest())
    kept(begun(main))
    again = begun(main)
    assert set(again.kept.manifests) == {str(KEY)}
    assert again.listing() == listing_on(aurora.host, main)
    assert again.fleet(again.listing()) == begun(main).fleet(listing_on(aurora.host, main))


def test_a_model_that_came_or_went_is_listed_anew(aurora: Aurora, begun: Begun) -> None:
    kept(begun(commit(aurora, manifest())))
    more = commit(aurora, manifest() | manifest("other"))
    assert set(begun(more).listing().manifests) == {KEY, ModelKey("oncology", "other")}
    assert begun(commit(aurora, {"docs/a.md": b"a"})).listing().manifests == {}


def test_a_manifest_that_changed_is_read_anew(aurora: Aurora, begun: Begun) -> None:
    kept(begun(commit(aurora, manifest())))
    edited = canonical_document(model(risk_tier="low"))
    survey = begun(commit(aurora, {KEY.manifest_path: edited}))
    blob = survey.listing().manifests[KEY]
    assert aurora.host.blobs([blob])[blob] == edited


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff", b'{"trees": ["", ""]}'])
def test_a_cache_that_lies_changes_nothing_that_is_listed(
    aurora: Aurora, begun: Begun, tmp_path: Path, content: bytes
) -> None:
    main = commit(aurora, manifest())
    kept(begun(main))
    (file,) = (tmp_path / "plans").iterdir()
    file.write_bytes(content)
    assert begun(main).listing() == listing_on(aurora.host, main)


def test_an_edited_cache_is_not_believed(aurora: Aurora, begun: Begun, tmp_path: Path) -> None:
    main = commit(aurora, manifest())
    kept(begun(main))
    (file,) = (tmp_path / "plans").iterdir()
    file.write_bytes(file.read_bytes().replace(b"oncology/triage", b"oncology/hidden"))
    assert set(begun(main).listing().manifests) == {KEY}


def test_of_no_artifact_nothing_is_heard_and_nobody_is_asked(aurora: Aurora, begun: Begun) -> None:
    survey = begun(aurora.main())
    assert survey.published(frozenset()) == {}
    assert survey.heard(frozenset()) == Heard()
