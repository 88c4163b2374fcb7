"""The policies are told which step a release is, what was skipped, and what was seen before it."""

from __future__ import annotations

from datetime import timedelta

from turnpike.evidence.statement import Statement
from turnpike.judge.deployments import Around, deployment_input
from turnpike.judge.facts import EarlierRelease, Facts
from turnpike.judge.layout import DeploymentKey
from turnpike.judge.policy_input import RolloutInput
from turnpike.judge.steps import standing_at, stood_since
from turnpike.judge.testimony import hear
from turnpike.manifest.release import Release
from turnpike.topology.environment import Environment
from turnpike.topology.rollout import Rollout
from unit.judge.deployed import BLOB, KEY, PATH, RELEASE, released
from unit.judge.examples import NOW, RoleKey, model, object_id
from unit.judge.test_rollout import OLD
from unit.judge.test_soak import seen
from unit.rollouts import ANALYSIS, rollout, step, stepping

OBSERVER = RoleKey("observer")
BEGAN = NOW - timedelta(minutes=30)
STEPS = (step(0), step(10), step(100, last=True))
HERE = stepping("dev", ("local",), Rollout(on_failure="hold", steps=STEPS))


def shared(traffic: int) -> Release:
    """Return the release beside the old one."""
    return RELEASE.model_copy(update={"traffic": traffic, "rest": OLD.as_rest()})


def told(
    new: Release,
    standing: Release | None,
    *said: Statement,
    environment: Environment = HERE,
    key: DeploymentKey = KEY,
) -> RolloutInput | None:
    """Return what the policies see of a release, over what stands since half an hour."""
    facts = beside(new, standing, environment, key).model_copy(
        update={"keys": (OBSERVER.public,), "evidence": tuple(map(OBSERVER.sign, said))}
    )
    found = deployment_input(Around.of(facts), key, {}, hear(facts).testimony)
    assert found is not None
    return found.rollout


def beside(
    new: Release, standing: Release | None, environment: Environment, key: DeploymentKey
) -> Facts:
    path = key.path("release.yaml")
    plain = released(path, new)
    stands = {path: standing} if standing else {}
    base = plain.base.model_copy(
        update={"releases": stands, "environments": {key.environment: environment}}
    )
    once = tuple(
        EarlierRelease(path=path, commit=object_id("once"), release=one, at=BEGAN)
        for one in stands.values()
    )
    return plain.model_copy(update={"base": base, "earlier": once})


def test_the_first_step_has_nothing_before_it() -> None:
    found = told(shared(0), OLD)
    assert found is not None
    assert (found.step, found.count, found.shares) == (1, 3, (0, 10, 100))
    assert (found.skipped, found.analyses, found.rest) == ((), (), OLD.as_rest())


def test_what_is_skipped_is_told_with_its_targets() -> None:
    found = told(RELEASE, OLD)
    assert found is not None
    assert [(one.number, one.traffic, one.targets) for one in found.skipped] == [
        (1, 0, ("local",)), (2, 10, ("local",)),
    ]  # fmt: skip
    assert found.rest is None


def test_a_share_of_no_step_is_told() -> None:
    found = told(shared(40), OLD)
    assert found is not None
    assert (found.step, found.skipped) == (None, ())


def test_an_analysis_counts_what_was_seen_since_the_step_went_in() -> None:
    found = told(shared(10), shared(0), seen((25, 5), requests=500))
    assert found is not None
    (analysis,) = found.analyses
    assert (analysis.number, analysis.traffic, analysis.target) == (1, 0, "local")
    assert (analysis.verdict, analysis.since) == ("passed", BEGAN)
    assert (analysis.seen_seconds, analysis.requests) == (1200, 500)


def test_what_was_seen_before_or_nowhere_is_missing() -> None:
    for said in ((), (seen((90, 40), requests=500),), (seen((25, 5), target="other"),)):
        found = told(shared(10), shared(0), *said)
        assert found is not None
        assert [one.verdict for one in found.analyses] == ["running"]


def test_a_failure_is_told_with_its_reason() -> None:
    found = told(shared(10), shared(0), seen((25, 5), error_rate=0.5, requests=500))
    assert found is not None
    assert found.analyses[0].verdict == "failed"
    assert found.analyses[0].reasons == ("50.00% of 500 requests failed, at most 1.00% may",)


def test_of_what_nobody_knows_the_beginning_nothing_was_seen() -> None:
    facts = beside(shared(10), shared(0), HERE, KEY).model_copy(update={"earlier": ()})
    assert stood_since(facts, PATH) is None
    found = deployment_input(Around.of(facts), KEY, {}, hear(facts).testimony)
    assert found is not None
    assert found.rollout is not None
    assert found.rollout.analyses[0].verdict == "running"


def test_what_stands_is_told_by_target() -> None:
    facts = beside(shared(10), shared(0), HERE, KEY)
    assert standing_at(facts, KEY) == {"local": shared(0)}
    assert standing_at(facts, DeploymentKey("dev", "local", "oncology", "other")) == {}


def test_without_steps_and_without_a_move_there_is_nothing_to_tell() -> None:
    plain = HERE.model_copy(update={"rollout": None})
    assert told(RELEASE, OLD, environment=plain) is None
    assert told(shared(10), shared(10)) is None


def test_what_a_stage_only_tries_is_no_source() -> None:
    key = DeploymentKey("staging", "local", "oncology", "triage")
    here = stepping("staging", ("local",), rollout({"traffic": 0, "analysis": ANALYSIS}), "dev")
    facts = beside(RELEASE, None, here, key)
    for traffic, count in ((10, 0), (100, 1)):
        base = facts.base.model_copy(update={"releases": {PATH: shared(traffic)}})
        blobs = facts.head.model_copy(update={"model_blobs": {BLOB: model()}})
        asked = facts.model_copy(update={"base": base, "head": blobs})
        found = deployment_input(Around.of(asked), key, {}, ())
        assert found is not None
        assert len(found.sources) == count
