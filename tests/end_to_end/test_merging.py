"""Several pull requests at once: each by its own decision, and one that is denied holds up none."""

from __future__ import annotations

import pytest

from end_to_end.changes import Bench
from end_to_end.world import World


@pytest.fixture
def world(merged: Bench) -> World:
    return merged.copied().world


def proposed(world: World, name: str, *approvers: str) -> int:
    return world.propose({f"docs/{name}.md": f"{name}\n".encode()}, "maria-lopez", approvers)


def states(world: World) -> dict[int, tuple[str, str | None]]:
    pulls = world.done("pr", "list", "--json").json()
    return {one["number"]: (one["state"], one["status"]) for one in pulls}


def test_each_is_merged_or_denied_by_itself_and_the_worst_is_the_exit_code(world: World) -> None:
    first = proposed(world, "first", "sam-rivera")
    denied = proposed(world, "denied")
    last = proposed(world, "last", "sam-rivera")
    told = world.call("pr", "merge", str(first), str(denied), str(last), "--json")
    assert told.code == 1, told
    assert [one["decision"]["verdict"] for one in told.json()] == ["allow", "deny", "allow"]
    assert states(world)[first] == states(world)[last] == ("merged", "success")
    assert states(world)[denied] == ("open", "failure")
    assert world.main == told.json()[2]["commit"]
    world.done("verify")


def test_one_that_is_not_there_holds_up_none_and_is_named(world: World) -> None:
    first = proposed(world, "before", "sam-rivera")
    last = proposed(world, "after", "sam-rivera")
    told = world.call("pr", "merge", str(first), "999", str(last), "--json")
    assert [one["pullRequest"] for one in told.json()] == [first, last]
    assert (told.code, "pull request 999: " in told.errors) == (2, True), told
    assert world.main == told.json()[1]["commit"]


def test_all_that_are_allowed_are_merged_and_nothing_is_said_of_the_others(world: World) -> None:
    denied = proposed(world, "unread")
    allowed = proposed(world, "read", "sam-rivera")
    told = world.done("pr", "merge", "--open", "--json").json()
    assert [one["pullRequest"] for one in told] == [allowed]
    assert states(world)[denied] == ("open", None)
    before = world.record
    assert world.done("pr", "merge", "--open", "--json").json() == []
    assert world.record == before


def test_a_merge_asks_for_numbers_or_for_all_that_are_open(world: World) -> None:
    assert world.call("pr", "merge").code == 2
    assert world.call("pr", "merge", "1", "--open").code == 2
