"""What could move: main's manifest into a first stage, what stages serve into the others."""

from __future__ import annotations

from turnpike.judge.layout import ModelKey
from turnpike.promotion.candidates import (
    candidates_for,
    replacing,
    served_by_model,
    soaking_artifacts,
    unreleased,
)
from unit.promotion.outlooks import ROAD, Main, release, stage, stages
from unit.promotion.world import KEY, blob_of, path_in


def test_a_first_stage_takes_what_main_has() -> None:
    main = Main(manifest=3)
    (found,) = candidates_for(ROAD["dev"], KEY, main.fleet, {})
    assert (found.manifest, found.version, found.origins) == (blob_of(3), "3", ("main",))
    assert candidates_for(ROAD["dev"], ModelKey("oncology", "other"), main.fleet, {}) == ()


def test_a_later_stage_takes_what_stages_before_it_serve_each_bytes_once() -> None:
    last = stage("production", "east", "west")
    road = stages(stage("east"), stage("west"), last)
    same = Main(environments=road, serves={"east": 1, "west": 1})
    served = served_by_model(same.fleet)[KEY]
    (found,) = candidates_for(last, KEY, same.fleet, served)
    assert found.origins == ("east", "west")
    other = Main(environments=road, serves={"east": 1, "west": 2})
    tracks = candidates_for(last, KEY, other.fleet, served_by_model(other.fleet)[KEY])
    assert [one.origins for one in tracks] == [("east",), ("west",)]


def test_a_place_has_it_only_with_all_of_its_traffic() -> None:
    main = Main(serves={"dev": 1})
    (found,) = candidates_for(ROAD["staging"], KEY, main.fleet, served_by_model(main.fleet)[KEY])
    assert found.stands_as(release(1, "dev"))
    assert not found.stands_as(release(1).model_copy(update={"traffic": 10}))
    assert not found.stands_as(release(2))
    assert not found.stands_as(None)


def test_only_what_soaks_for_somebody_is_asked_about() -> None:
    assert soaking_artifacts(Main().ground, Main(serves={"dev": 1}).fleet) == frozenset()
    road = stages(stage("dev"), stage("staging", "dev", soakSeconds=60))
    main = Main(environments=road, serves={"dev": 1, "staging": 2})
    assert soaking_artifacts(main.ground, main.fleet) == {release(1).artifact}


def test_what_a_release_names_was_let_in() -> None:
    assert unreleased(Main(serves={"dev": 1}).fleet) == {}
    assert unreleased(Main(manifest=2, serves={"dev": 1}).fleet) == {KEY: blob_of(2)}


def test_only_other_bytes_take_the_place_of_what_stands_there() -> None:
    main = Main(manifest=2, serves={"dev": 2, "staging": 1, "production": 1})
    assert replacing(main.ground, main.fleet) == {path_in("staging")}
    assert replacing(main.ground, Main(manifest=3, serves={"dev": 2}).fleet) == {path_in("dev")}
    assert replacing(main.ground, Main(serves={"dev": 1}).fleet) == frozenset()
