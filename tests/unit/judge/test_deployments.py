"""What policies see of a deployment follows from main and the change together."""

from __future__ import annotations

from turnpike.documents.identifiers import digest_of
from turnpike.judge.deployments import (
    Around,
    deployment_after,
    deployment_input,
    settings_after,
)
from turnpike.judge.facts import EarlierRelease, Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.policy_input import DeploymentInput
from turnpike.judge.subjects import release_after
from turnpike.manifest.release import Release
from unit.judge.deployed import (
    FACTS,
    KEY,
    MANIFESTS,
    PATH,
    RELEASE,
    SETTINGS_PATH,
    edited,
    released,
    settings,
    standing,
)
from unit.judge.examples import added, deleted, object_id

NEWER = RELEASE.model_copy(update={"version": "2", "artifact": digest_of(b"newer bytes")})


def seen(facts: Facts, key: DeploymentKey = KEY) -> DeploymentInput:
    found = deployment_input(Around.of(facts), key, {}, ())
    assert found is not None
    return found


def earlier(facts: Facts, *releases: Release, path: str = PATH) -> Facts:
    once = tuple(
        EarlierRelease(path=path, commit=object_id("before"), release=one) for one in releases
    )
    return facts.model_copy(update={"earlier": once})


def replacing(current: Release, new: Release) -> Facts:
    facts = standing(edited(PATH), releases={PATH: new})
    base = facts.base.model_copy(update={"releases": {PATH: current}})
    return facts.model_copy(update={"base": base})


def test_a_first_release_has_no_previous_one_and_is_no_rollback() -> None:
    found = seen(FACTS)
    assert (found.previous, found.rollback, found.admitted) == (None, False, False)


def test_the_same_bytes_that_stood_here_before_are_a_rollback() -> None:
    facts = replacing(NEWER, RELEASE)
    assert seen(earlier(facts, NEWER, RELEASE)).rollback
    assert not seen(earlier(facts, NEWER)).rollback


def test_what_stood_at_another_place_is_no_rollback() -> None:
    elsewhere = PATH.replace("/dev/", "/staging/")
    assert not seen(earlier(replacing(NEWER, RELEASE), RELEASE, path=elsewhere)).rollback


def test_what_stands_already_is_no_rollback() -> None:
    assert not seen(earlier(replacing(RELEASE, RELEASE), RELEASE)).rollback


def test_the_same_bytes_by_another_decision_or_manifest_are_no_rollback() -> None:
    facts = replacing(NEWER, RELEASE)
    for other in (
        RELEASE.model_copy(update={"decision": digest_of(b"another")}),
        RELEASE.model_copy(update={"manifest": object_id("another")}),
    ):
        assert not seen(earlier(facts, other)).rollback


def test_sources_are_releases_of_the_model_where_the_environment_promotes_from() -> None:
    staging = DeploymentKey("staging", "local", "oncology", "triage")
    facts = released(staging.path("release.yaml"))
    foreign = PATH.replace("triage", "other")
    production = PATH.replace("/dev/", "/production/")
    releases = {PATH: RELEASE, foreign: NEWER, production: NEWER}
    base = facts.base.model_copy(update={"releases": releases})
    (source,) = seen(facts.model_copy(update={"base": base}), staging).sources
    assert (source.environment, source.artifact) == ("dev", RELEASE.artifact)


def test_what_the_change_itself_releases_is_no_source() -> None:
    """A release counts as a source once it is on main."""
    staging = DeploymentKey("staging", "local", "oncology", "triage")
    facts = released(staging.path("release.yaml"))
    head = facts.head.model_copy(update={"releases": {**facts.head.releases, PATH: RELEASE}})
    assert seen(facts.model_copy(update={"head": head}), staging).sources == ()


def test_usage_is_every_replica_of_the_team_in_the_target() -> None:
    assert (seen(FACTS).usage.cpu_millicores, seen(FACTS).usage.memory_mebibytes) == (1000, 1024)
    sized = standing(added(SETTINGS_PATH), settings={SETTINGS_PATH: settings(5)})
    assert seen(sized).usage.cpu_millicores == 2500


def test_usage_counts_what_serves_the_rest_beside_a_share() -> None:
    share = NEWER.model_copy(update={"traffic": 10, "rest": RELEASE.as_rest()})
    found = seen(replacing(RELEASE, share)).usage
    assert (found.cpu_millicores, found.memory_mebibytes) == (2000, 2048)


def test_usage_counts_other_models_of_the_team_and_nobody_elses() -> None:
    beside = {
        PATH.replace("triage", "second"): RELEASE.model_copy(update={"model": "second"}),
        PATH.replace("oncology", "other"): RELEASE.model_copy(update={"team": "other"}),
        PATH.replace("/dev/", "/staging/"): RELEASE,
    }
    base = FACTS.base.model_copy(update={"releases": beside})
    assert seen(FACTS.model_copy(update={"base": base})).usage.cpu_millicores == 2000


def test_usage_of_what_the_change_deletes_is_free_again() -> None:
    second = PATH.replace("triage", "second")
    beside = {second: RELEASE.model_copy(update={"model": "second"})}
    base = FACTS.base.model_copy(update={"releases": beside})
    changes = (*FACTS.changes, deleted(second))
    facts = FACTS.model_copy(update={"base": base, "changes": changes})
    assert seen(facts).usage.cpu_millicores == 1000


def test_a_deleted_release_is_no_deployment_and_an_untouched_one_still_is() -> None:
    gone = standing(deleted(PATH), deleted(MANIFESTS))
    assert release_after(gone, PATH) is None
    assert deployment_input(Around.of(gone), KEY, {}, ()) is None
    assert release_after(standing(edited(MANIFESTS)), PATH) == RELEASE


def test_settings_are_those_of_the_change_else_those_of_main() -> None:
    before, after = settings(3), settings(4)
    assert settings_after(standing(edited(MANIFESTS), sized=before), KEY) == before
    changed = standing(edited(SETTINGS_PATH), sized=before, settings={SETTINGS_PATH: after})
    assert settings_after(changed, KEY) == after
    assert settings_after(standing(deleted(SETTINGS_PATH), sized=before), KEY) is None


def test_a_place_that_main_does_not_have_is_no_deployment() -> None:
    path = PATH.replace("/local/", "/moon/")
    key = DeploymentKey("dev", "moon", "oncology", "triage")
    assert deployment_after(released(path), key) is None
