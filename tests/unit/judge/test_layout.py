"""Every path has a class, and only what looks exactly like a document is one."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from turnpike.judge.decision import ChangeClass
from turnpike.judge.layout import (
    DeploymentKey,
    ModelKey,
    build_path,
    class_of,
    classes_of,
    deployment_of,
    environment_of,
    is_key,
    is_model_file,
    model_of,
    release_path,
)

PLACE = "environments/dev/local/oncology/triage"
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,4})?", fullmatch=True)
SEGMENTS = st.sampled_from(
    ("models", "environments", "policies", "keys", "data", "dev", "a", "", ".", "..", "docs",
     "model.yaml", "release.yaml", "manifests.yaml", "settings.yaml", "environment.yaml", "A b")
)  # fmt: skip
PATHS = st.one_of(st.text(max_size=40), st.lists(SEGMENTS, max_size=6).map("/".join))


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("models/oncology/triage/model.yaml", "model"),
        ("models/oncology/triage/checks/a.py", "model"),
        ("models/README.md", "model"),
        (f"{PLACE}/release.yaml", "release"),
        (f"{PLACE}/settings.yaml", "settings"),
        (f"{PLACE}/manifests.yaml", "render"),
        ("environments/dev/environment.yaml", "environment"),
        ("environments/dev/local/oncology/triage/other.yaml", "platform"),
        ("CODEOWNERS", "organisation"),
        ("policies/data/organisation.yaml", "organisation"),
        ("policies/keys/gate.yaml", "organisation"),
        ("platform/argocd/access/argocd-rbac-cm.yaml", "organisation"),
        ("platform/argocd/admission/new-namespaces.yaml", "organisation"),
        ("platform/argocd/admission/namespaces.yaml", "platform"),
        ("platform/argocd/projects/dev.yaml", "platform"),
        ("policies/keys/deep/gate.yaml", "policy"),
        ("policies/metrics_met/metrics_met.rego", "policy"),
        ("policies/data/tiers.yaml", "policy"),
        ("terraform/modules/cluster/aws/main.tf", "terraform"),
        ("docs/architecture.md", "docs"),
        ("runbooks/Drift.md", "docs"),
        ("README.md", "docs"),
        ("platform/README.md", "platform"),
        ("platform/turnpike/judge/decide.py", "platform"),
        ("pants.toml", "platform"),
        ("turnpike", "platform"),
        ("tests/unit/test_version.py", "platform"),
        (".github/workflows/gate.yml", "platform"),
    ],
)
def test_a_path_alone_has_this_class(path: str, wanted: str) -> None:
    assert class_of(path, frozenset((path,))) == wanted


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        (("release", "manifests"), ("release",)),
        (("settings", "manifests"), ("settings",)),
        (("manifests",), ("render",)),
        (("release", "settings", "manifests"), ("release", "settings")),
    ],
)
def test_manifests_go_with_what_they_are_derived_from(
    files: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    assert classes_of(frozenset(f"{PLACE}/{file}.yaml" for file in files)) == wanted


def test_a_release_does_not_cover_the_manifests_of_another_deployment() -> None:
    other = "environments/dev/local/oncology/other/manifests.yaml"
    assert classes_of(frozenset((f"{PLACE}/release.yaml", other))) == ("release", "render")


@settings(deadline=None)
@given(PATHS, st.frozensets(PATHS, max_size=4))
def test_every_path_has_a_class_whatever_else_changes(path: str, others: frozenset[str]) -> None:
    assert class_of(path, others | {path}) in get_args(ChangeClass)


@settings(deadline=None)
@given(st.frozensets(PATHS, max_size=6))
def test_classes_are_sorted_and_none_is_lost(paths: frozenset[str]) -> None:
    found = classes_of(paths)
    assert list(found) == sorted(set(found))
    assert bool(found) == bool(paths)


@settings(deadline=None)
@given(NAMES, NAMES)
def test_a_model_is_found_again_at_each_of_its_paths(team: str, name: str) -> None:
    key = ModelKey(team, name)
    assert model_of(key.manifest_path) == model_of(build_path(key)) == key
    assert is_model_file(key.manifest_path)
    assert str(key) == f"{team}/{name}"


@settings(deadline=None)
@given(NAMES, NAMES, NAMES, NAMES)
def test_a_deployment_is_found_again_at_each_of_its_paths(a: str, b: str, c: str, d: str) -> None:
    key = DeploymentKey(a, b, c, d)
    assert deployment_of(release_path(key)) == deployment_of(key.path("settings.yaml")) == key
    assert key.model_key == ModelKey(c, d)


@pytest.mark.parametrize("end", ["\n", "/", " ", ".bak", "\r\n"])
def test_a_path_that_only_begins_like_a_document_is_none(end: str) -> None:
    assert deployment_of(f"{PLACE}/release.yaml{end}") is None
    assert environment_of(f"environments/dev/environment.yaml{end}") is None
    assert not is_key(f"policies/keys/gate.yaml{end}")
    assert not is_model_file(f"models/oncology/triage/model.yaml{end}")


@pytest.mark.parametrize(
    "path",
    [
        "models/oncology/model.yaml",
        "models/Oncology/triage/model.yaml",
        "models/oncology/../triage/model.yaml",
        "x/models/oncology/triage/model.yaml",
        "models/oncology/triage/",
        "models/on_cology/triage/model.yaml",
    ],
)
def test_names_of_teams_and_models_are_plain(path: str) -> None:
    assert model_of(path) is None
