"""What an environment serves is rendered anew where it differs, once the stages before have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from turnpike.judge.layout import DeploymentKey
from turnpike.promotion.plan import Standing
from turnpike.promotion.rerender import Fleet, Rendering, moves_of, plan_rendering, rendering_of
from turnpike.rendering.deployment import Deployment
from turnpike.rendering.derive import derived_files
from unit.promotion.outlooks import codes, release
from unit.promotion.world import ENVIRONMENTS, KEY, MANIFESTS, path_in

OLD = b"as an older renderer wrote it"


def place(name: str) -> DeploymentKey:
    return DeploymentKey(name, "local", KEY.team, KEY.model)


def current(name: str) -> bytes:
    stage, one = ENVIRONMENTS[name], release(1)
    deployment = Deployment(MANIFESTS[one.manifest], one, stage, stage.targets[0])
    return derived_files(deployment)[place(name).path("manifests.yaml")]


def fleet(stands: Mapping[str, bytes]) -> Fleet:
    releases = {path_in(name): release(1) for name in stands}
    rendered = {place(name).path("manifests.yaml"): text for name, text in stands.items()}
    return Fleet(Standing(ENVIRONMENTS, releases, {}), MANIFESTS, rendered)


def anew(name: str, stands: Mapping[str, bytes]) -> Rendering:
    return rendering_of(name, fleet(stands))


def test_what_stands_as_it_would_be_rendered_now_is_left_alone() -> None:
    found = anew("dev", {"dev": current("dev")})
    assert (found.released, found.files, found.stale) == (1, {}, frozenset())


def test_what_differs_is_rendered_anew_and_nothing_else_of_it_changes() -> None:
    found = anew("dev", {"dev": OLD})
    plan = plan_rendering(found, [KEY])
    assert plan.files == {place("dev").path("manifests.yaml"): current("dev")}
    assert plan.train == "render/dev"


def test_a_missing_manifest_is_written() -> None:
    bare = replace(fleet({"dev": OLD}), rendered={})
    assert rendering_of("dev", bare).files == {place("dev"): current("dev")}


def test_who_is_not_on_the_train_is_not_rendered() -> None:
    assert plan_rendering(anew("dev", {"dev": OLD}), []).files == {}


def test_an_environment_follows_once_the_one_before_has_it() -> None:
    early = {"dev": OLD, "staging": OLD}
    (waits,) = moves_of(anew("staging", early), [anew("dev", early)])
    assert codes(waits) == ["render-waits"]
    assert waits.blockers[0].solution.startswith("`turnpike render --in dev`")
    ready = {"dev": current("dev"), "staging": OLD}
    (move,) = moves_of(anew("staging", ready), [anew("dev", ready)])
    assert move.can_now


def test_what_cannot_be_rendered_says_why_and_is_stale() -> None:
    unknown = replace(fleet({"dev": OLD}), manifests={})
    assert rendering_of("dev", unknown).files == {}
    broken = Rendering("dev", 1, {}, {place("dev"): "the parts do not fit"})
    (move,) = moves_of(broken, [])
    assert codes(move) == ["render-broken"]
    assert "the parts do not fit" in move.blockers[0].says
    assert broken.stale == {KEY}
