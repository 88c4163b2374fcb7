"""What a change is about, from its paths alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from turnpike.judge.facts import Change, Entry, Facts
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.judge.subjects import (
    changed_deployments,
    changed_models,
    class_of_change,
    subjects_of,
)
from unit.judge.examples import UNHURRIED, model_facts, object_id

MANIFEST = "models/oncology/biopsy/model.yaml"
CARD = "models/oncology/biopsy/card.md"
RELEASE = "environments/dev/aws/oncology/biopsy/release.yaml"
OTHERS = (MANIFEST, CARD, RELEASE, "policies/rule/rule.rego", "README.md", "nowhere/at/all")


def change_of(*paths: str) -> Facts:
    """Return facts whose change edits these paths."""
    entry = Entry(mode="100644", object=object_id("blob"), size=4)
    changes = tuple(Change(path=path, plain=True, old=entry, new=entry) for path in paths)
    return model_facts().model_copy(update={"changes": changes})


def test_the_files_of_one_model_are_one_subject_of_one_class() -> None:
    facts = change_of(MANIFEST, CARD)
    assert class_of_change(facts) == "model"
    assert changed_models(facts) == (ModelKey("oncology", "biopsy"),)
    assert subjects_of(facts) == ("oncology/biopsy",)


def test_a_release_is_about_its_deployment() -> None:
    facts = change_of(RELEASE)
    assert class_of_change(facts) == "release"
    assert changed_deployments(facts) == (DeploymentKey("dev", "aws", "oncology", "biopsy"),)


def test_a_change_without_a_model_is_about_its_paths() -> None:
    assert subjects_of(change_of("README.md", "docs/a.md")) == ("README.md", "docs/a.md")


def test_two_classes_in_one_change_are_none() -> None:
    assert class_of_change(change_of(MANIFEST, "policies/rule/rule.rego")) == "none"


@given(st.lists(st.sampled_from(OTHERS), min_size=1, unique=True))
@UNHURRIED
def test_the_order_of_paths_decides_nothing(paths: list[str]) -> None:
    shuffled = sorted(paths, reverse=True)
    for question in (class_of_change, subjects_of, changed_models, changed_deployments):
        assert question(change_of(*paths)) == question(change_of(*shuffled))
