"""Each model that was to be promoted is told of: it rides, drops out, waits, or is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from turnpike.judge.rollout import Stride
from turnpike.promotion.train_text import Passengers
from turnpike.topology.rollout import Step
from unit.judge.examples import NOW
from unit.promotion.passengers import blocker, key, move

ABOARD = Passengers(
    moves=(
        move("good"),
        move("bad"),
        move("soaking", blocker("soak-incomplete", NOW + timedelta(hours=2))),
        move("stopped", blocker("line-stopped")),
        move("known", blocker("nothing-new")),
    ),
    now=NOW,
    riding={key("good"): 7},
    dropped={key("bad"): (blocker("quota-exceeded"),)},
)


def test_each_has_a_state_and_those_left_behind_are_known() -> None:
    states = [ABOARD.state(one) for one in ABOARD.moves]
    assert states == ["rides", "dropped", "waits", "waits", "there"]
    assert [m.model.model for m in ABOARD.left_behind()] == ["bad", "soaking", "stopped"]


def test_a_train_lists_who_rides_in_it_and_nobody_else() -> None:
    assert list(ABOARD.lines(7)) == ["  rides    oncology/good 1 dev > staging"]
    assert list(ABOARD.lines(8)) == []


def test_a_step_and_a_way_back_are_told_as_what_they_are() -> None:
    step = Stride(2, Step(traffic=10), ("local",))
    on = replace(move("on"), step=step, steps=3)
    back = replace(move("back", blocker("analysis-failed")), step=step, steps=3, returns=True)
    aboard = Passengers((on, back), NOW, {key("on"): 7, key("back"): 8})
    assert list(aboard.lines(7)) == [
        "  rides    oncology/on 1 dev > staging, step 2 (10 % in local) of 3"
    ]
    assert list(aboard.lines(8)) == ["  rides    oncology/back back from 1 in staging"]


def test_who_is_left_behind_is_told_with_reasons_and_the_way_on() -> None:
    text = "\n".join(ABOARD.lines())
    assert "dropped  oncology/bad 1 dev > staging\n           quota-exceeded: it waits for" in text
    assert "next: Do what quota-exceeded asks for." in text
    assert "waits    oncology/soaking 1 dev > staging: until 11:00 UTC" in text
    assert "oncology/stopped 1 dev > staging: until somebody acts" in text
    assert "known" not in text


def test_machines_get_the_state_the_pull_request_and_the_reasons() -> None:
    good, bad, soaking, _, known = (v for v in ABOARD.values() if isinstance(v, dict))
    assert (good["state"], good["pullRequest"], good["reasons"]) == ("rides", 7, [])
    assert (bad["state"], bad["pullRequest"]) == ("dropped", None)
    assert isinstance(bad["reasons"], list)
    assert bad["reasons"][0] == {
        "code": "quota-exceeded",
        "says": "it waits for quota-exceeded",
        "solution": "Do what quota-exceeded asks for.",
    }
    assert (soaking["state"], known["state"]) == ("waits", "there")
