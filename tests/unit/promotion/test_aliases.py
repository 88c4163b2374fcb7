"""The registry's aliases follow what main releases, and no other alias is touched."""

from __future__ import annotations

from turnpike.documents.identifiers import Digest
from turnpike.promotion.aliases import AliasChange, Serving, alias_changes, serving_of
from turnpike.rendering.deployment import Deployment
from turnpike.topology.environment import Environment
from unit.judge.deployed import RELEASE
from unit.judge.examples import ARTIFACT, environment, model

NAME = "oncology.triage"
FIRST = Serving(NAME, "production", "1", Digest(ARTIFACT))


def placed(
    stage: Environment, target: int = 0, traffic: int = 100, version: str = "1"
) -> Deployment:
    """Return a deployment of a version of the example in a stage's target."""
    manifest = model()
    assert manifest.artifact is not None
    artifact = manifest.artifact.model_copy(update={"version": version})
    manifest = manifest.model_copy(update={"artifact": artifact})
    release = RELEASE.model_copy(update={"traffic": traffic, "version": version})
    return Deployment(manifest, release, stage, stage.targets[target])


def widened(name: str) -> Environment:
    """Return an environment with a second target."""
    stage = environment(name)
    other = stage.targets[0].model_copy(update={"name": "other"})
    return stage.model_copy(update={"targets": (stage.targets[0], other)})


def test_an_environment_serves_the_version_that_all_of_its_targets_serve() -> None:
    stage = widened("production")
    assert list(serving_of([placed(stage), placed(stage, 1)])) == [FIRST]
    assert list(serving_of([placed(stage, 1)])) == [FIRST], "where it is not, it serves nothing"


def test_targets_that_differ_serve_no_version_as_a_whole() -> None:
    stage = widened("production")
    assert list(serving_of([placed(stage), placed(stage, 1, version="2")])) == []


def test_a_share_of_the_traffic_is_no_version_as_a_whole() -> None:
    stage = widened("production")
    assert list(serving_of([placed(stage, traffic=10)])) == []
    assert list(serving_of([placed(stage), placed(stage, 1, traffic=0)])) == []


def test_environments_do_not_mix() -> None:
    found = {
        one.environment: one.version
        for one in serving_of(
            [placed(environment("dev"), version="2"), placed(environment("production"))]
        )
    }
    assert found == {"dev": "2", "production": "1"}


def test_a_manifest_without_an_artifact_has_no_version() -> None:
    draft = model().model_copy(update={"artifact": None})
    stage = environment("dev")
    assert list(serving_of([Deployment(draft, RELEASE, stage, stage.targets[0])])) == []


def test_what_is_missing_is_set_what_is_stale_moves_and_what_is_retired_goes() -> None:
    present = {
        NAME: {"production": "3", "dev": "1", "champion": "1"},
        "oncology.retired": {"production": "7", "challenger": "6"},
    }
    assert alias_changes([FIRST], present, ("dev", "staging", "production")) == (
        AliasChange("oncology.retired", "production", "7", None),
        AliasChange(NAME, "dev", "1", None),
        AliasChange(NAME, "production", "3", "1"),
    )
    assert alias_changes([FIRST], {}, ("production",)) == (
        AliasChange(NAME, "production", None, "1"),
    )


def test_carried_out_nothing_is_left_to_do() -> None:
    environments = ("dev", "production")
    present = {NAME: {"production": "1", "champion": "9"}}
    assert alias_changes([FIRST], present, environments) == ()
