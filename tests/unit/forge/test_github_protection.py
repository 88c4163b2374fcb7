"""Every way round the lock of a GitHub is told, and locking again closes those that are ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.fake_host import Answer
from contracts.fake_worlds import BOT, PEOPLE, QUICK, REPOSITORY
from contracts.github_fake import GitHubFake, github_fake
from turnpike.errors import CannotDecide, InputError, Unavailable
from turnpike.forge.github_api import github_api
from turnpike.forge.github_protection import NOT_TOLD, GitHubLock
from turnpike.forge.interface import PROTECTED
from turnpike.forge.web import Token


class World:
    """A stand-in of GitHub, and the lock as whoever holds a token sees it."""

    def __init__(self, address: str, fake: GitHubFake) -> None:
        self.address = address
        self.fake = fake

    def lock(self, bot: str = BOT, person: str = "owner") -> GitHubLock:
        api = github_api(self.address, Token(f"secret-of-{person}"), QUICK)
        return GitHubLock(api, REPOSITORY, bot)

    def found(self, bot: str = BOT) -> set[tuple[str, str]]:
        return {(one.branch, one.setting) for one in self.lock(bot).problems()}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with github_fake(tmp_path, PEOPLE, REPOSITORY) as (address, fake):
        yield World(address, fake)


@pytest.fixture
def locked(world: World) -> World:
    world.lock().protect()
    return world


def both(*settings: str) -> set[tuple[str, str]]:
    return {(branch, setting) for branch in PROTECTED for setting in settings}


def test_a_repository_without_a_rule_is_open_in_every_way(world: World) -> None:
    assert world.found() == both("update", "deletion", "non_fast_forward")
    assert {one.actual for one in world.lock().problems()} == {"no such rule"}


def test_locking_twice_makes_two_rulesets_and_leaves_no_problem(locked: World) -> None:
    locked.lock().protect()
    assert len(locked.fake.rulesets) == 2
    assert locked.found() == set()


def test_a_lock_for_another_account_is_none(locked: World) -> None:
    assert locked.found("sam-rivera") == both("update")


def test_what_a_token_is_not_told_is_taken_for_open(locked: World) -> None:
    problems = locked.lock(person=BOT).problems()
    assert {one.setting for one in problems} == {"update", "deletion", "non_fast_forward"}
    assert all(NOT_TOLD in one.actual for one in problems)


def test_an_administrators_bypass_and_a_rule_in_the_way_are_problems(locked: World) -> None:
    role = {"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}
    for one in locked.fake.rulesets.values():
        one["bypass_actors"].append(role)
    locked.fake.rulesets[1]["rules"].append({"type": "required_linear_history"})
    assert locked.found() == both("update", "deletion", "non_fast_forward")
    locked.lock().protect()
    assert locked.found() == set()


@pytest.mark.parametrize("enforcement", ["disabled", "evaluate"])
def test_a_ruleset_that_is_not_in_force_locks_nothing(locked: World, enforcement: str) -> None:
    for one in locked.fake.rulesets.values():
        one["enforcement"] = enforcement
    assert locked.found() == both("update", "deletion", "non_fast_forward")


def test_a_bot_that_passes_only_by_pull_requests_could_not_move_main(locked: World) -> None:
    locked.fake.rulesets[1]["bypass_actors"][0]["bypass_mode"] = "pull_request"
    assert locked.found() == both("update")


def test_a_branch_taken_out_of_the_lock_is_told_by_name(locked: World) -> None:
    for one in locked.fake.rulesets.values():
        one["conditions"]["ref_name"]["include"].remove("refs/heads/turnpike/record")
    assert {branch for branch, _ in locked.found()} == {"turnpike/record"}


@pytest.mark.parametrize("rule", ["pull_request", "merge_queue", "required_status_checks"])
def test_another_ruleset_that_would_stop_the_bot_is_named(locked: World, rule: str) -> None:
    other = {**locked.fake.rulesets[2], "id": 3, "name": "reviews", "rules": [{"type": rule}]}
    locked.fake.rulesets[3] = other
    (one, _) = locked.lock().problems()
    assert (one.setting, one.actual) == (rule, "in reviews")
    bot = locked.fake.rulesets[1]["bypass_actors"][0]
    other["bypass_actors"] = [bot]
    assert locked.found() == set()


def test_a_ruleset_that_nobody_shows_counts_for_nothing(locked: World) -> None:
    gone = Answer(404, {"message": "Not Found"})
    locked.fake.host.order(r"/rulesets/\d+$", *[gone] * 4)
    problems = locked.lock().problems()
    assert {one.setting for one in problems} == {"update", "deletion", "non_fast_forward"}
    assert all(NOT_TOLD in one.actual for one in problems)


def test_an_account_that_does_not_exist_cannot_be_let_in(world: World) -> None:
    for act in (world.lock("nobody").protect, world.lock("nobody").problems):
        with pytest.raises(InputError) as refused:
            act()
        assert refused.value.code == "forge.no-bot"
    assert world.fake.rulesets == {}


def test_who_may_not_lock_is_told_so_and_nothing_is_half_locked(world: World) -> None:
    with pytest.raises(CannotDecide, match="403"):
        world.lock(person="maria-lopez").protect()
    assert world.fake.rulesets == {}


def test_a_host_that_fails_while_it_is_asked_never_passes_for_locked(locked: World) -> None:
    broken = Answer(500, {"message": "oops"})
    locked.fake.host.order("/rules/branches/", *[broken] * QUICK.tries)
    with pytest.raises(Unavailable):
        locked.lock().problems()
