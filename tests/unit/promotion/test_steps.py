"""The plan knows the steps: which is next, from when to when its analysis runs, and why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import JsonValue

from turnpike.evidence.predicates import Observation
from turnpike.judge.layout import DeploymentKey
from turnpike.manifest.release import Release
from turnpike.promotion.ground import Fleet, Ground
from turnpike.promotion.move import Move
from turnpike.promotion.outlook import Asking, Outlook
from turnpike.promotion.outlook_text import is_news, row, value_of
from turnpike.promotion.plan import Standing, plan_promotion
from unit.judge.examples import BASE, NOW, organisation
from unit.promotion.outlooks import Main, codes, release, stage, stages
from unit.promotion.world import KEY, MANIFESTS, after
from unit.rollouts import ANALYSIS, rollout, stepping

BEGAN = NOW - timedelta(minutes=20)
SHADOW: JsonValue = {"traffic": 0, "analysis": ANALYSIS}
TENTH: JsonValue = {"traffic": 10, "analysis": ANALYSIS}
TARGETS = ("local", "remote")


@dataclass(frozen=True)
class Rolling:
    """Version 2 in dev, version 1 whole in staging, and steps between them."""

    on_failure: str = "hold"
    standing: dict[str, Release] = field(default_factory=dict)
    heard: tuple[Observation, ...] = ()
    targets: tuple[str, ...] = ("local",)

    @property
    def environments(self) -> dict[str, object]:
        steps = rollout(SHADOW, TENTH, on_failure=self.on_failure)
        return dict(stages(stage("dev"), stepping("staging", self.targets, steps, "dev")))

    @property
    def releases(self) -> dict[str, Release]:
        here = {path("staging", name): release(1) for name in self.targets}
        return {path("dev", "local"): release(2), **here, **self.standing}

    def move(self, *targets: str) -> Move:
        ground = Ground(BASE, organisation(), self.environments)  # type: ignore[arg-type]
        known = Main().fleet
        fleet = Fleet(known.manifests, self.releases, known.briefs)
        heard = {release(2).artifact: self.heard}
        outlook = Outlook(ground, fleet, heard, lambda *_: True, NOW, lambda _: BEGAN)
        (found,) = outlook.moves(Asking((KEY,), "staging", targets))
        return found

    def stepped(self) -> Rolling:
        """Return what stands once the next step is merged."""
        standing = Standing(self.environments, self.releases, {})  # type: ignore[arg-type]
        plan = plan_promotion(KEY, MANIFESTS, standing, "staging", move=self.move())
        found = after(standing, plan).releases
        return Rolling(self.on_failure, dict(found), self.heard, self.targets)

    def seen(self, minutes: float, **said: object) -> Rolling:
        """Return the same once an observer has seen version 2 for so long."""
        ends = BEGAN + timedelta(minutes=minutes)
        plain = Observation(
            environment="staging",
            target="local",
            healthy=True,
            error_rate=0.0,
            latency_p95_milliseconds=5.0,
            requests=300,
            started_at=BEGAN,
            finished_at=ends,
        ).model_copy(update=said)
        return Rolling(self.on_failure, self.standing, (plain,), self.targets)


def path(environment: str, target: str) -> str:
    return DeploymentKey(environment, target, KEY.team, KEY.model).path("release.yaml")


def test_a_promotion_starts_at_the_first_step() -> None:
    move = Rolling().move()
    assert move.can_now
    assert value_of(move)["step"] == {"number": 1, "of": 3, "traffic": 0, "targets": ["local"]}
    share = Rolling().stepped().releases[path("staging", "local")]
    assert (share.version, share.traffic, share.promoted_from) == ("2", 0, "dev")
    assert share.rest == release(1).as_rest()


def test_the_next_step_waits_for_the_analysis_and_says_since_and_until_when() -> None:
    waiting = Rolling().stepped().seen(4).move()
    assert codes(waiting) == ["analysis-incomplete"]
    assert waiting.earliest == NOW + timedelta(minutes=6)
    assert waiting.blockers[0].says == (
        "the analysis of step 1 (0 % in local) runs since 08:40 UTC until 09:06 UTC"
        " (240 of 600 seconds seen within the limits)"
    )
    assert row(waiting, NOW)[1] == "dev > staging, 2/3: 10 %"


def test_what_nobody_looks_at_waits_at_least_for_its_whole_analysis() -> None:
    waiting = Rolling().stepped().move()
    assert (codes(waiting), waiting.earliest) == (
        ["analysis-incomplete"], NOW + timedelta(minutes=10),
    )  # fmt: skip


def test_missing_requests_are_waited_for_at_the_pace_at_which_they_come() -> None:
    waiting = Rolling().stepped().seen(12, requests=50).move()
    assert waiting.earliest == NOW + timedelta(minutes=12)


def test_each_step_is_carried_out_once_its_analysis_has_passed() -> None:
    world, shares = Rolling(), []
    for _ in range(3):
        assert world.move().can_now
        world = world.stepped().seen(15)
        shares.append(world.releases[path("staging", "local")].traffic)
    assert shares == [0, 10, 100]
    assert world.releases[path("staging", "local")].rest is None
    assert codes(world.move()) == ["nothing-new"]


def test_a_failed_analysis_holds_and_names_the_way_back() -> None:
    failed = Rolling().stepped().seen(15, error_rate=0.5).move()
    assert (codes(failed), failed.returns, failed.earliest) == (["analysis-failed"], False, None)
    assert "failed, and it holds: 50.00% of 300 requests failed" in failed.blockers[0].says
    assert failed.blockers[0].solution == f"`turnpike rollback {KEY} --in staging`."


def test_by_policy_a_failed_analysis_is_the_way_back() -> None:
    failed = Rolling("rollback").stepped().seen(15, error_rate=0.5).move()
    assert (failed.returns, row(failed, NOW)[3]) == (True, "back")
    assert "and it rolls back" in failed.blockers[0].says


def test_a_target_that_the_next_step_is_not_in_must_wait_its_turn() -> None:
    two = Rolling(targets=TARGETS).stepped()
    assert two.releases[path("staging", "remote")].traffic == 0
    only_local = {path("staging", "remote"): release(1)}
    behind = Rolling(standing={**two.releases, **only_local}, targets=TARGETS).move("local")
    assert codes(behind) == ["step-skipped"]
    assert behind.blockers[0].says == "step 1 (0 % in remote) comes first"


def test_a_step_that_goes_on_elsewhere_is_news() -> None:
    whole = {path("staging", "local"): release(2)}
    move = Rolling(standing=whole, targets=TARGETS).move()
    assert (move.stands, is_news(move)) == (True, True)


def test_a_place_that_serves_nothing_takes_all_of_it() -> None:
    world = Rolling()
    standing = Standing(world.environments, {path("dev", "local"): release(2)}, {})  # type: ignore[arg-type]
    plan = plan_promotion(KEY, MANIFESTS, standing, "staging")
    share = after(standing, plan).releases[path("staging", "local")]
    assert (share.traffic, share.rest) == (100, None)
