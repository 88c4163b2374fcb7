"""Releases move along the road only, and always as the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from turnpike.documents.identifiers import Digest
from turnpike.errors import InputError
from turnpike.judge.layout import DeploymentKey, ModelKey
from turnpike.manifest.release import Emergency, Release
from turnpike.promotion.plan import (
    Admitted,
    ReleasePlan,
    Standing,
    environment_named,
    plan_promotion,
    plan_release,
    plan_retirement,
    plan_rollback,
    targets_named,
)
from unit.judge.deployed import settings as settings_of
from unit.judge.examples import model, object_id
from unit.promotion.world import (
    ENVIRONMENTS,
    KEY,
    MANIFESTS,
    admitted,
    after,
    empty,
    path_in,
    released_in,
)


def released(version: int = 1, standing: Standing | None = None) -> Standing:
    stands = standing or empty()
    return after(stands, plan_release(KEY, admitted(version), stands, "dev"))


def promoted(standing: Standing, name: str) -> Standing:
    return after(standing, plan_promotion(KEY, MANIFESTS, standing, name))


def refusal(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.code


EMERGENCY = Emergency(
    reason="the live version answers nonsense",
    incident="INC-9",
    commander="sam",
    expires_at=datetime(2026, 3, 2, 13, tzinfo=UTC),
)


def test_a_release_names_the_admitted_bytes_and_the_decision() -> None:
    found = released_in(released(), "dev")
    admission = admitted(1)
    assert found is not None
    assert (found.manifest, found.decision) == (admission.blob, admission.decision)
    assert admission.model.artifact is not None
    assert found.artifact == admission.model.artifact.digest
    assert (found.promoted_from, found.traffic) == (None, 100)


def test_a_plan_writes_the_release_and_its_manifests_and_nothing_else() -> None:
    plan = plan_release(KEY, admitted(1), empty(), "dev")
    assert set(plan.files) == {path_in("dev"), path_in("dev").replace("release", "manifests")}
    assert plan.title == "Release oncology/triage 1 to dev"


def test_only_a_first_environment_is_released_to() -> None:
    with pytest.raises(InputError) as error:
        plan_release(KEY, admitted(1), empty(), "production")
    assert refusal(error) == "release.not-first"


def test_a_draft_is_not_released() -> None:
    draft = model().model_copy(update={"artifact": None})
    nothing = Admitted(draft, object_id("draft"), admitted(1).decision)
    with pytest.raises(InputError) as error:
        plan_release(KEY, nothing, empty(), "dev")
    assert refusal(error) == "release.draft"


def test_a_promotion_moves_the_very_same_bytes() -> None:
    standing = promoted(released(), "staging")
    source, copy = released_in(standing, "dev"), released_in(standing, "staging")
    assert source is not None
    assert copy == source.model_copy(update={"promoted_from": "dev"})


def test_without_a_release_before_it_nothing_is_promoted() -> None:
    with pytest.raises(InputError) as error:
        plan_promotion(KEY, MANIFESTS, released(), "production")
    assert refusal(error) == "promotion.no-source"


def test_into_a_first_environment_is_a_release_and_no_promotion() -> None:
    with pytest.raises(InputError, match="dev promotes from no environment") as error:
        plan_promotion(KEY, MANIFESTS, released(), "dev")
    assert refusal(error) == "promotion.first"
    assert error.value.solution == f"Use `turnpike release {KEY} --to dev`."


def test_an_emergency_that_brings_nothing_new_owes_nothing() -> None:
    plan_promotion(KEY, MANIFESTS, released(), "staging", emergency=EMERGENCY)
    standing = promoted(released(), "staging")
    with pytest.raises(InputError, match="main already releases it there") as error:
        plan_promotion(KEY, MANIFESTS, standing, "staging", emergency=EMERGENCY)
    assert refusal(error) == "release.nothing-to-do"


def test_a_promotion_says_from_which_of_several_environments_it_came() -> None:
    direct = released_in(promoted(released(), "reserve"), "reserve")
    assert direct is not None
    assert direct.promoted_from == "dev"
    both = promoted(promoted(released(), "staging"), "reserve")
    later = released_in(both, "reserve")
    assert later is not None
    assert later.promoted_from == "staging"


def test_settings_shape_the_manifests_and_not_the_release() -> None:
    path = path_in("dev").replace("release", "settings")
    sized = Standing(ENVIRONMENTS, {}, {path: settings_of(9)})
    plain = plan_release(KEY, admitted(1), empty(), "dev").files
    larger = plan_release(KEY, admitted(1), sized, "dev").files
    assert [path for path in plain if plain[path] != larger[path]] == [
        path_in("dev").replace("release", "manifests")
    ]


def test_a_rollback_writes_the_earlier_release_as_it_was() -> None:
    first = released(1)
    second = released(2, first)
    place = DeploymentKey("dev", "local", KEY.team, KEY.model)
    earlier = released_in(first, "dev")
    assert earlier is not None
    back = after(second, plan_rollback(place, earlier, MANIFESTS, second))
    assert released_in(back, "dev") == earlier
    assert plan_rollback(place, earlier, MANIFESTS, second).files == (
        plan_release(KEY, admitted(1), empty(), "dev").files
    )


def test_a_retirement_deletes_every_file_of_the_deployment() -> None:
    path = path_in("dev").replace("release", "settings")
    standing = released()
    sized = Standing(ENVIRONMENTS, standing.releases, {path: settings_of(2)})
    plan = plan_retirement(KEY, sized, "dev")
    assert set(plan.files.values()) == {None}
    assert len(plan.files) == 3
    assert after(sized, plan).releases == {}


def test_nothing_that_is_not_released_is_retired() -> None:
    with pytest.raises(InputError) as error:
        plan_retirement(KEY, released(), "staging")
    assert refusal(error) == "release.not-released"


def test_unknown_places_are_told_with_those_that_exist() -> None:
    with pytest.raises(InputError, match="dev, production, reserve, staging") as error:
        environment_named(empty(), "prod")
    assert refusal(error) == "environment.unknown"
    with pytest.raises(InputError, match="targets local of") as error:
        targets_named(ENVIRONMENTS["dev"], ("moon",))
    assert refusal(error) == "target.unknown"


def test_two_plans_together_are_one_change() -> None:
    both = ReleasePlan("a", {"x": b"1"}) | ReleasePlan("b", {"y": None})
    assert both == ReleasePlan("a; b", {"x": b"1", "y": None})


def test_other_models_stay_out_of_a_plan() -> None:
    with pytest.raises(InputError):
        plan_promotion(ModelKey("oncology", "other"), MANIFESTS, released(), "staging")


NAMES = st.sampled_from(sorted(ENVIRONMENTS))


class Road(RuleBasedStateMachine):
    """One model on the road, moved by whatever plans can be made."""

    def __init__(self) -> None:
        super().__init__()
        self.standing = empty()
        self.history: dict[str, list[Release]] = {name: [] for name in ENVIRONMENTS}

    def merge(self, plan: ReleasePlan) -> None:
        self.standing = after(self.standing, plan)
        for name in ENVIRONMENTS:
            release = released_in(self.standing, name)
            if release and release not in self.history[name][-1:]:
                self.history[name].append(release)

    @rule(version=st.integers(1, 4), name=NAMES)
    def release(self, version: int, name: str) -> None:
        if ENVIRONMENTS[name].promotes_from:
            with pytest.raises(InputError, match="expected an environment that is first"):
                plan_release(KEY, admitted(version), self.standing, name)
        else:
            self.merge(plan_release(KEY, admitted(version), self.standing, name))

    @rule(name=NAMES)
    def promote(self, name: str) -> None:
        sources = ENVIRONMENTS[name].promotes_from
        if any(released_in(self.standing, source) for source in sources):
            self.merge(plan_promotion(KEY, MANIFESTS, self.standing, name))
        else:
            with pytest.raises(InputError, match=r"expected (a release in|one that)"):
                plan_promotion(KEY, MANIFESTS, self.standing, name)

    @rule(name=NAMES, back=st.integers(1, 4))
    def roll_back(self, name: str, back: int) -> None:
        known = self.history[name]
        if len(known) > back:
            place = DeploymentKey(name, "local", KEY.team, KEY.model)
            self.merge(plan_rollback(place, known[-1 - back], MANIFESTS, self.standing))

    @rule(name=NAMES)
    def retire(self, name: str) -> None:
        if released_in(self.standing, name):
            self.merge(plan_retirement(KEY, self.standing, name))
        else:
            with pytest.raises(InputError, match="expected a release, found none"):
                plan_retirement(KEY, self.standing, name)
        assert released_in(self.standing, name) is None

    @invariant()
    def what_is_released_was_released_before_where_it_is_promoted_from(self) -> None:
        for name, environment in ENVIRONMENTS.items():
            release = released_in(self.standing, name)
            if release is None or not environment.promotes_from:
                continue
            assert release.promoted_from in environment.promotes_from
            assert release.artifact in self.seen(release.promoted_from or "")

    @invariant()
    def what_is_released_was_admitted_as_a_whole(self) -> None:
        whole = {admitted(n).decision: admitted(n) for n in range(1, 5)}
        for release in self.standing.releases.values():
            admission = whole[release.decision]
            assert admission.model.artifact is not None
            assert release.artifact == admission.model.artifact.digest
            assert release.manifest == admission.blob

    def seen(self, name: str) -> set[Digest]:
        return {release.artifact for release in self.history[name]}


Road.TestCase.settings = settings(deadline=None, max_examples=15, stateful_step_count=20)
TestRoad = Road.TestCase
