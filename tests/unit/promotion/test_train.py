"""A bad one drops out of a train with its reason, and holds nobody else up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from hypothesis import given
from hypothesis import strategies as st

from turnpike.judge.decision import Finding
from turnpike.promotion.move import Blocker, Move
from turnpike.promotion.train import (
    Boarded,
    Group,
    Judge,
    Objections,
    board,
    groups_of,
    objections_in,
)
from unit.promotion.passengers import blocker, key, move

Names = Collection[str]
Denies = Callable[[Names], dict[str, tuple[Blocker, ...]]]


def judging(denies: Denies) -> Judge:
    """Return a judge who denies what is told of the names of the models in a change."""

    def judge(parts: Sequence[Sequence[Group]]) -> list[Objections]:
        names = [[one.model.model for group in part for one in group] for part in parts]
        return [{key(n): said for n, said in denies(part).items()} for part in names]

    return judge


def bad(*names: str) -> Denies:
    return lambda riding: {name: (blocker("bad"),) for name in names if name in riding}


def more_than(most: int) -> Denies:
    """Everybody is denied where more ride than the quota allows."""
    return lambda riding: (
        {name: (blocker("quota-exceeded"),) for name in riding} if len(riding) > most else {}
    )


def boarded(denies: Denies, *moves: Move) -> Boarded:
    return board(groups_of(moves), judging(denies))


def names_of(found: Boarded) -> list[str]:
    return [one.model.model for group in found.rides for one in group]


def alone(names: str) -> list[Move]:
    return [move(name) for name in names.split()]


def test_where_nothing_stands_against_anybody_all_ride() -> None:
    found = boarded(bad(), *alone("a b c"))
    assert (names_of(found), found.dropped) == (["a", "b", "c"], {})


def test_one_bad_drops_out_with_its_reason_and_the_others_ride() -> None:
    found = boarded(bad("b"), *alone("a b c"))
    assert names_of(found) == ["a", "c"]
    assert found.dropped == {key("b"): (blocker("bad"),)}


def test_several_drop_out_at_once_each_with_its_own_reason() -> None:
    def denies(riding: Names) -> dict[str, tuple[Blocker, ...]]:
        return {n: (blocker(f"bad-{n}"),) for n in ("a", "d") if n in riding}

    found = boarded(denies, *alone("a b c d"))
    assert names_of(found) == ["b", "c"]
    assert found.dropped == {key("a"): (blocker("bad-a"),), key("d"): (blocker("bad-d"),)}


def test_where_all_are_bad_nobody_rides() -> None:
    found = boarded(bad("a", "b"), *alone("a b"))
    assert (found.rides, set(found.dropped)) == ((), {key("a"), key("b")})


def test_a_quota_that_all_exceed_together_is_filled_in_order() -> None:
    found = boarded(more_than(3), *alone("a b c d e"))
    assert names_of(found) == ["a", "b", "c"]
    assert {one.code for said in found.dropped.values() for one in said} == {"quota-exceeded"}


def test_a_bad_one_takes_no_room_from_the_good_ones() -> None:
    def denies(riding: Names) -> dict[str, tuple[Blocker, ...]]:
        return {**more_than(2)(riding), **bad("a")(riding)}

    found = boarded(denies, *alone("a b c d"))
    assert names_of(found) == ["b", "c"]
    assert found.dropped[key("a")] == (blocker("bad"),)
    assert found.dropped[key("d")] == (blocker("quota-exceeded"),)


def test_a_release_group_drops_as_one_and_says_because_of_whom() -> None:
    group = [move("a", group="ensemble"), move("b", group="ensemble")]
    found = boarded(bad("b"), *group, move("c"))
    assert names_of(found) == ["c"]
    assert found.dropped[key("b")] == (blocker("bad"),)
    (why,) = found.dropped[key("a")]
    assert why.code == "group-dropped"
    assert "oncology/b" in why.says


def test_a_group_without_all_of_its_members_counts_as_those_it_has() -> None:
    found = groups_of([move("a", group="g"), move("b"), move("c", group="g")])
    assert [[one.model.model for one in group] for group in found] == [["a", "c"], ["b"]]


def test_who_makes_somebody_else_unfit_drops_out_with_what_is_said_of_the_other() -> None:
    def denies(riding: Names) -> dict[str, tuple[Blocker, ...]]:
        return {"a": (blocker("crowded"),)} if {"a", "b"} <= set(riding) else {}

    found = boarded(denies, *alone("a b"))
    assert names_of(found) == ["b"]
    assert found.dropped == {key("a"): (blocker("crowded"),)}


@given(st.sets(st.sampled_from("abcdefgh")), st.integers(0, 8))
def test_nobody_rides_who_is_denied_and_nobody_is_left_who_could_ride(
    rotten: set[str], most: int
) -> None:
    def denies(riding: Names) -> dict[str, tuple[Blocker, ...]]:
        return {**more_than(most)(riding), **bad(*rotten)(riding)}

    moves = alone("a b c d e f g h")
    found = boarded(denies, *moves)
    riding = names_of(found)
    assert not denies(riding)
    assert {*riding} | {one.model for one in found.dropped} == set("abcdefgh")
    for name in set("abcdefgh") - {*riding}:
        assert denies([*riding, name])


def finding(subject: str) -> Finding:
    return Finding(
        code="quota-exceeded", subject=subject, expected="8", actual="9", message="Too much.",
        solution="Ask for less.",
    )  # fmt: skip


def test_a_finding_is_about_the_model_of_its_deployment_or_of_its_file() -> None:
    models = [key("a"), key("b")]
    for subject in (
        "staging/local/oncology/b",
        "environments/staging/local/oncology/b/release.yaml",
    ):
        (said,) = objections_in([finding(subject)], models).items()
        assert said[0] == key("b")
        assert said[1][0].says == "Too much. Expected 8, found 9"


def test_a_finding_that_names_no_model_is_said_of_each() -> None:
    found = objections_in(
        [finding("the change"), finding("staging/local/oncology/other")], [key("a")]
    )
    assert [one.code for one in found[key("a")]] == ["quota-exceeded"]
