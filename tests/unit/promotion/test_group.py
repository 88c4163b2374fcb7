"""Models of a release group wait for each other, and for nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from turnpike.documents.identifiers import ObjectId
from turnpike.judge.layout import ModelKey
from turnpike.judge.rollout import Stride
from turnpike.promotion.brief import Brief
from turnpike.promotion.ground import Fleet
from turnpike.promotion.group import companions, held_together, rank
from turnpike.promotion.move import Blocker, Move
from turnpike.topology.rollout import Step
from unit.judge.examples import NOW, model, object_id
from unit.promotion.outlooks import codes, release
from unit.promotion.passengers import blocker, key, move

SOON, LATER = NOW + timedelta(hours=1), NOW + timedelta(hours=5)


def held(*moves: Move) -> dict[str, Move]:
    return {one.model.model: one for one in held_together(moves)}


def test_what_belongs_to_no_group_waits_for_nobody() -> None:
    found = held(move("alone"), move("soaking", blocker("soak-incomplete", SOON)))
    assert found["alone"].can_now


def test_a_member_waits_as_long_as_the_last_of_its_group() -> None:
    found = held(
        move("ready", group="ensemble"),
        move("soon", blocker("soak-incomplete", SOON), group="ensemble"),
        move("later", blocker("schedule-closed", LATER), group="ensemble"),
    )
    assert codes(found["ready"]) == ["group-waits", "group-waits"]
    assert codes(found["soon"]) == ["soak-incomplete", "group-waits"]
    assert {one.earliest for one in found.values()} == {LATER}
    assert "oncology/soon" in found["ready"].blockers[0].says
    assert found["ready"].blockers[0].solution == "Do what soak-incomplete asks for."


def test_where_one_needs_somebody_to_act_so_do_all() -> None:
    found = held(
        move("ready", group="ensemble"), move("stopped", blocker("line-stopped"), group="ensemble")
    )
    assert found["ready"].earliest is None


def test_a_member_that_is_there_already_holds_nobody_up_and_is_not_held_up() -> None:
    there = move("there", blocker("nothing-new"), group="ensemble")
    found = held(move("ready", group="ensemble"), there)
    assert found["ready"].can_now
    stopped = move("stopped", blocker("line-stopped"), group="ensemble")
    assert codes(held(stopped, there)["there"]) == ["nothing-new"]


def test_a_group_of_the_same_name_in_another_team_is_another_group() -> None:
    stopped = move("stopped", blocker("line-stopped"), group="ensemble", team="cardiology")
    assert held(move("ready", group="ensemble"), stopped)["ready"].can_now


def test_of_a_members_moves_the_best_is_what_the_others_wait_for() -> None:
    other = move("ready", blocker("line-stopped"), group="ensemble")
    found = held_together(
        [move("ready", group="ensemble"), other, move("beside", group="ensemble")]
    )
    assert [one.can_now for one in found] == [True, False, True]


STEP: Stride = Stride(2, Step(traffic=10), ("local",))


def stepping(name: str, *blockers: Blocker, stands: bool = True, returns: bool = False) -> Move:
    plain = move(name, *blockers, group="ensemble")
    return replace(plain, step=STEP, steps=3, stands=stands, returns=returns)


def test_where_one_goes_back_so_do_those_beside_it() -> None:
    failed = stepping("failed", blocker("analysis-failed"), returns=True)
    found = held(
        failed,
        stepping("beside"),
        stepping("coming", stands=False),
        move("there", blocker("nothing-new"), group="ensemble"),
    )
    back = {name for name, one in found.items() if one.returns}
    assert back == {"failed", "beside"}
    assert codes(found["beside"]) == ["group-waits"]
    assert codes(found["coming"]) == ["group-waits"]


def test_moves_are_ranked_by_news_then_by_when_they_can_go() -> None:
    ordered = [
        move("now"),
        move("soon", blocker("soak-incomplete", SOON)),
        move("later", blocker("soak-incomplete", LATER)),
        move("never", blocker("line-stopped")),
        move("there", blocker("nothing-new")),
    ]
    shuffled = [ordered[place] for place in (3, 0, 4, 2, 1)]
    assert sorted(shuffled, key=rank) == ordered


def fleet(**groups: str | None) -> Fleet:
    manifests = {key(name): object_id(name) for name in groups}
    briefs = {
        object_id(name): Brief.of(model(name=name).model_copy(update={"release_group": group}))
        for name, group in groups.items()
    }
    return Fleet(manifests, {}, briefs)


def test_companions_are_all_models_of_the_same_groups_after_those_asked_for() -> None:
    known = fleet(c="ensemble", a="ensemble", b=None, d="other")
    assert companions(known, (key("c"),)) == (key("c"), key("a"))
    assert companions(known, (key("b"),)) == (key("b"),)


def test_a_group_counts_also_where_only_what_is_released_declares_it() -> None:
    plain = fleet(a="ensemble")
    served: ModelKey = key("triage")
    path = "environments/dev/local/oncology/triage/release.yaml"
    declares = plain.briefs[object_id("a")]
    known = Fleet(
        plain.manifests,
        {path: release(1)},
        {**plain.briefs, ObjectId(release(1).manifest): declares},
    )
    assert companions(known, (key("a"),)) == (key("a"), served)
