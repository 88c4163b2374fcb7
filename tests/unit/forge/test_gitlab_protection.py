"""Every way round the lock of a GitLab is told, also by a pattern that is wider than a name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.fake_host import Answer
from contracts.fake_worlds import BOT, PEOPLE, QUICK, REPOSITORY
from contracts.gitlab_fake import GitLabFake, gitlab_fake
from turnpike.errors import CannotDecide, InputError, Unavailable
from turnpike.forge.gitlab_api import gitlab_api
from turnpike.forge.gitlab_protection import GitLabLock
from turnpike.forge.interface import PROTECTED
from turnpike.forge.web import Token

DEVELOPERS = {"id": 8, "access_level": 30, "access_level_description": "Developers + Maintainers"}
NOBODY = {"id": 9, "access_level": 0, "access_level_description": "No one"}


class World:
    """A stand-in of GitLab, and the lock as whoever holds a token sees it."""

    def __init__(self, address: str, fake: GitLabFake) -> None:
        self.address = address
        self.fake = fake

    def lock(self, bot: str = BOT, person: str = "owner") -> GitLabLock:
        api = gitlab_api(self.address, Token(f"secret-of-{person}"), QUICK)
        return GitLabLock(api, REPOSITORY, bot)

    def found(self) -> set[tuple[str, str]]:
        return {(one.branch, one.setting) for one in self.lock().problems()}

    def pattern(self, name: str, push: dict[str, Any], merge: dict[str, Any]) -> None:
        """Protect what a pattern matches."""
        self.fake.protected[name] = {
            "id": 7, "name": name, "allow_force_push": False,
            "push_access_levels": [push], "merge_access_levels": [merge],
        }  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with gitlab_fake(tmp_path, PEOPLE, REPOSITORY) as (address, fake):
        fake.resets = True
        yield World(address, fake)


@pytest.fixture
def locked(world: World) -> World:
    world.lock().protect()
    return world


def test_a_new_project_lets_its_maintainers_in_and_has_no_lock_on_the_record(world: World) -> None:
    assert world.found() == {
        ("main", "allowed to push"),
        ("main", "allowed to merge"),
        ("turnpike/record", "allowed to push"),
    }


def test_locking_twice_leaves_the_bot_alone_on_each_branch(locked: World) -> None:
    locked.lock().protect()
    assert locked.found() == set()
    for branch in PROTECTED:
        rule = locked.fake.protected[branch]
        assert len(rule["push_access_levels"]) == len(rule["merge_access_levels"]) == 1


def test_the_lock_is_told_setting_by_setting(locked: World) -> None:
    level = {"id": 9, "access_level": 40, "access_level_description": "Maintainers"}
    locked.fake.protected["main"]["push_access_levels"].append(level)
    locked.fake.protected["turnpike/record"]["allow_force_push"] = True
    locked.fake.resets = False
    lock = locked.lock()
    assert {(p.branch, p.setting, p.actual) for p in lock.problems()} == {
        ("main", "allowed to push", "Maintainers"),
        ("turnpike/record", "allow force push", "True"),
        ("main", "reset_approvals_on_push", "False"),
    }
    lock.protect()
    assert lock.problems() == ()


def test_the_setting_of_approvals_is_no_problem_where_the_edition_has_none(locked: World) -> None:
    locked.fake.resets = None
    assert locked.found() == set()


@pytest.mark.parametrize("name", ["ma*", "*", "*in", "m*i*", "main*"])
def test_a_generous_pattern_beside_the_lock_is_a_problem(locked: World, name: str) -> None:
    locked.pattern(name, DEVELOPERS, NOBODY)
    assert ("main", f"allowed to push in {name}") in locked.found()


@pytest.mark.parametrize("name", ["mai[n]", "mai?", "Main", "m.in", "mai", "ain", "main/*", ""])
def test_a_pattern_that_the_host_reads_as_another_name_locks_nothing(
    world: World, name: str
) -> None:
    """Only ``*`` stands for other letters at GitLab: a rule of ``mai[n]`` leaves main open."""
    bot = world.lock()
    bot.protect()
    theirs = {**world.fake.protected.pop("main"), "name": name}
    world.fake.protected[name] = theirs
    assert ("main", "allowed to push") in world.found()


def test_a_pattern_made_to_take_long_takes_no_longer_than_others(locked: World) -> None:
    locked.pattern("*" * 240 + "x", DEVELOPERS, NOBODY)
    locked.pattern("*" * 240, DEVELOPERS, NOBODY)
    assert {setting for _, setting in locked.found()} == {"allowed to push in " + "*" * 240}


def test_a_pattern_that_lets_in_nobody_takes_nothing_away(locked: World) -> None:
    locked.pattern("*", NOBODY, NOBODY)
    assert locked.found() == set()


@pytest.mark.parametrize("other", ["group_id", "deploy_key_id"])
def test_an_entry_that_names_more_than_the_bot_is_not_the_bots(locked: World, other: str) -> None:
    for level in locked.fake.protected["main"]["push_access_levels"]:
        level[other] = 5
    assert ("main", "allowed to push") in locked.found()


def test_a_lock_for_another_account_is_none(locked: World) -> None:
    problems = locked.lock("sam-rivera").problems()
    assert {(one.branch, one.setting) for one in problems} == {
        (branch, f"allowed to {what}") for branch in PROTECTED for what in ("push", "merge")
    }


def test_an_account_that_does_not_exist_cannot_be_let_in(world: World) -> None:
    before = repr(world.fake.protected)
    with pytest.raises(InputError) as refused:
        world.lock("nobody").protect()
    assert refused.value.code == "forge.no-bot"
    assert repr(world.fake.protected) == before


def test_who_may_not_lock_is_told_so(world: World) -> None:
    with pytest.raises(CannotDecide):
        world.lock(person="maria-lopez").protect()


def test_a_host_that_fails_while_it_is_asked_never_passes_for_locked(locked: World) -> None:
    broken = Answer(500, {"message": "500 Internal Server Error"})
    for path in ("/protected_branches", "/approvals$"):
        locked.fake.host.order(path, *[broken] * QUICK.tries)
        with pytest.raises(Unavailable):
            locked.lock().problems()
