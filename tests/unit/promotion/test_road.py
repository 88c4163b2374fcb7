"""What is wrong with a road is named by file and field."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from turnpike.judge.stages import circles
from turnpike.promotion.road import faults_of, on_a_cycle
from unit.promotion.outlooks import ROAD, stage, stages


def test_a_road_without_faults_has_none() -> None:
    assert faults_of(ROAD) == ()


def test_an_unknown_source_is_named_with_its_place_in_the_list() -> None:
    (fault,) = faults_of(stages(stage("dev"), stage("staging", "dev", "nowhere")))
    assert (fault.file, fault.field, fault.actual) == (
        "environments/staging/environment.yaml", "promotesFrom.1", "nowhere",
    )  # fmt: skip


def test_a_circle_is_named_at_each_of_its_environments() -> None:
    faults = faults_of(stages(stage("dev"), stage("a", "dev", "b"), stage("b", "a")))
    assert [(f.file.split("/")[1], f.field) for f in faults] == [
        ("a", "promotesFrom.1"),
        ("b", "promotesFrom.0"),
    ]
    assert faults[0].actual in {"a > b > a", "b > a > b"}


def test_what_promotes_from_itself_is_a_circle() -> None:
    assert on_a_cycle(stages(stage("a", "a"))) == {"a": ("a", "a")}


def test_what_only_comes_after_a_circle_is_on_none() -> None:
    road = stages(stage("a", "b"), stage("b", "a"), stage("c", "b"))
    assert sorted(on_a_cycle(road)) == ["a", "b"]


NAMES = ("a", "b", "c", "d")
ROADS = st.fixed_dictionaries(
    {name: st.lists(st.sampled_from(NAMES), unique=True, max_size=3) for name in NAMES}
)


@given(ROADS)
def test_every_way_round_is_one_of_the_road(road: dict[str, list[str]]) -> None:
    for name, way in on_a_cycle(stages(*(stage(n, *s) for n, s in road.items()))).items():
        assert way[0] == way[-1] == name
        assert all(before in road[after] for before, after in pairwise(way))


@given(ROADS)
def test_what_the_judge_calls_a_circle_is_closed_here(road: dict[str, list[str]]) -> None:
    built = stages(*(stage(n, *s) for n, s in road.items()))
    closed = on_a_cycle(built)
    assert {name for circle in circles(built) for name in circle} <= closed.keys()
    assert bool(closed) == bool(circles(built))
