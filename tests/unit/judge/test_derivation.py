"""A derived file is valid exactly when it equals what would be derived now."""

from __future__ import annotations

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.judge.decision import ChangeClass
from turnpike.judge.derivation import derivation
from turnpike.judge.facts import Facts
from unit.judge.deployed import (
    BLOB,
    FACTS,
    MANIFESTS,
    PATH,
    RELEASE,
    SETTINGS_PATH,
    digests,
    edited,
    settings,
    standing,
)
from unit.judge.examples import added, deleted, model

OTHER = digest_of(b"other bytes")


def found(facts: Facts, change_class: ChangeClass) -> list[tuple[str, str]]:
    return [(one.code, one.subject) for one in derivation(facts, change_class)]


def test_what_equals_its_derivation_passes() -> None:
    assert found(FACTS, "release") == []


@pytest.mark.parametrize("path", [PATH, MANIFESTS])
def test_one_other_byte_in_a_derived_file_is_found(path: str) -> None:
    contents = {**FACTS.head.contents, path: OTHER}
    head = FACTS.head.model_copy(update={"contents": contents})
    assert found(FACTS.model_copy(update={"head": head}), "release") == [("derived.differs", path)]


def test_a_release_without_its_manifests_is_found() -> None:
    head = FACTS.head.model_copy(update={"contents": {PATH: digests()[PATH]}})
    assert found(FACTS.model_copy(update={"head": head}), "release") == [
        ("derived.differs", MANIFESTS)
    ]


def test_manifests_of_a_standing_release_are_not_deleted() -> None:
    """Argo CD would take down what the release says is served."""
    assert found(standing(deleted(MANIFESTS)), "render") == [("derived.differs", MANIFESTS)]


def test_changed_manifests_that_could_not_be_read_do_not_pass_as_the_old_ones() -> None:
    assert found(standing(edited(MANIFESTS)), "render") == [("derived.differs", MANIFESTS)]


def test_manifests_that_are_rendered_anew_pass() -> None:
    contents = {MANIFESTS: digests()[MANIFESTS]}
    assert found(standing(edited(MANIFESTS), contents=contents), "render") == []
    contents = {MANIFESTS: OTHER}
    assert found(standing(edited(MANIFESTS), contents=contents), "render") == [
        ("derived.differs", MANIFESTS)
    ]


def test_settings_need_the_manifests_that_follow_from_them() -> None:
    sized = settings(7)
    changes = (added(SETTINGS_PATH), edited(MANIFESTS))
    stale = standing(added(SETTINGS_PATH), settings={SETTINGS_PATH: sized})
    assert found(stale, "settings") == [("derived.differs", MANIFESTS)]
    contents = {MANIFESTS: digests(sized=sized)[MANIFESTS]}
    fresh = standing(*changes, settings={SETTINGS_PATH: sized}, contents=contents)
    assert found(fresh, "settings") == []


def test_deleted_settings_need_the_manifests_without_them() -> None:
    before = settings(7)
    changes = (deleted(SETTINGS_PATH), edited(MANIFESTS))
    contents = {MANIFESTS: digests()[MANIFESTS]}
    assert found(standing(*changes, sized=before, contents=contents), "settings") == []
    assert found(standing(deleted(SETTINGS_PATH), sized=before), "settings") == [
        ("derived.differs", MANIFESTS)
    ]


def test_a_retired_release_leaves_nothing_behind() -> None:
    assert found(standing(deleted(PATH)), "release") == [("derived.left-over", MANIFESTS)]
    assert found(standing(deleted(PATH), deleted(MANIFESTS)), "release") == []


def test_settings_without_any_release_are_left_over() -> None:
    facts = standing(deleted(PATH), deleted(MANIFESTS), contents={SETTINGS_PATH: OTHER})
    assert found(facts, "release") == [("derived.left-over", SETTINGS_PATH)]


def test_a_release_without_manifest_on_main_cannot_be_derived() -> None:
    head = FACTS.head.model_copy(update={"model_blobs": {}})
    assert found(FACTS.model_copy(update={"head": head}), "release") == [
        ("derived.not-derivable", "dev/local/oncology/triage")
    ]


def test_a_model_whose_runtime_the_environment_lacks_cannot_be_derived() -> None:
    serving = model().serving.model_copy(update={"runtime": "triton"})
    foreign = model().model_copy(update={"serving": serving})
    head = FACTS.head.model_copy(update={"model_blobs": {BLOB: foreign}})
    assert found(FACTS.model_copy(update={"head": head}), "release") == [
        ("derived.not-derivable", "dev/local/oncology/triage")
    ]


def test_who_wrote_a_derived_file_and_in_which_version_is_irrelevant() -> None:
    label = RELEASE.model_copy(update={"version": "2"})
    assert digests(label)[PATH] != digests()[PATH]


@pytest.mark.parametrize("change_class", ["model", "policy", "platform", "docs"])
def test_other_classes_have_no_derived_files(change_class: ChangeClass) -> None:
    assert found(standing(deleted(MANIFESTS)), change_class) == []
