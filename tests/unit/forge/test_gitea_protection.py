"""Every way round the lock of a Gitea is told, also by a rule that outranks the lock's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic import JsonValue

from turnpike.errors import CannotDecide, Unavailable
from turnpike.forge.gitea_protection import GiteaLock
from turnpike.forge.interface import PROTECTED
from unit.forge.gitea_branches import REPOSITORY, Gitea, gitea

BOT = "turnpike-bot"


@pytest.fixture
def host() -> Gitea:
    return Gitea()


@pytest.fixture
def lock(host: Gitea) -> Iterator[GiteaLock]:
    with gitea(host) as api:
        yield GiteaLock(api, REPOSITORY, BOT)


def found(lock: GiteaLock) -> set[tuple[str, str]]:
    return {(one.branch, one.setting) for one in lock.problems()}


def test_branches_without_a_rule_are_open(lock: GiteaLock) -> None:
    assert found(lock) == {(branch, "protection") for branch in PROTECTED}
    assert {one.actual for one in lock.problems()} == {"none at all"}


def test_locking_twice_leaves_one_rule_a_branch_and_no_problem(
    host: Gitea, lock: GiteaLock
) -> None:
    lock.protect()
    once = repr(host.rules)
    lock.protect()
    assert (repr(host.rules), set(host.rules), lock.problems()) == (once, set(PROTECTED), ())


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("enable_push", False),
        ("enable_push_whitelist", False),
        ("push_whitelist_usernames", [BOT, "maria-lopez"]),
        ("push_whitelist_usernames", None),
        ("push_whitelist_teams", ["owners"]),
        ("push_whitelist_deploy_keys", True),
        ("enable_force_push", True),
        ("enable_merge_whitelist", False),
        ("merge_whitelist_usernames", ["maria-lopez"]),
        ("merge_whitelist_teams", ["owners"]),
        ("block_admin_merge_override", False),
    ],
)
def test_each_setting_by_which_somebody_else_gets_in_is_told_and_locked_again(
    host: Gitea, lock: GiteaLock, setting: str, value: JsonValue
) -> None:
    lock.protect()
    host.rules["main"][setting] = value
    assert found(lock) == {("main", setting)}
    lock.protect()
    assert lock.problems() == ()


def test_a_lock_for_another_account_is_none(lock: GiteaLock) -> None:
    lock.protect()
    other = GiteaLock(lock.api, REPOSITORY, "sam-rivera")
    assert found(other) == {
        (branch, f"{what}_whitelist_usernames")
        for branch in PROTECTED
        for what in ("push", "merge")
    }


@pytest.mark.parametrize(("outranking", "told"), [("m*", "m*"), ("", "not told")])
def test_a_rule_that_outranks_the_lock_is_told_though_the_lock_is_right(
    host: Gitea, lock: GiteaLock, outranking: str, told: str
) -> None:
    lock.protect()
    host.outranking = outranking
    assert [(one.branch, one.setting, one.actual) for one in lock.problems()] == [
        (branch, "rule in force", told) for branch in PROTECTED
    ]


def test_a_branch_that_is_not_there_yet_has_no_rule_in_force(host: Gitea, lock: GiteaLock) -> None:
    lock.protect()
    host.branches = ("main",)
    host.outranking = "m*"
    assert found(lock) == {("main", "rule in force")}


@pytest.mark.parametrize("missing", ["enable_push_whitelist", "block_admin_merge_override"])
def test_a_gitea_that_does_not_say_a_setting_never_passes_for_locked(
    host: Gitea, lock: GiteaLock, missing: str
) -> None:
    lock.protect()
    del host.rules["main"][missing]
    with pytest.raises(Unavailable, match=missing):
        lock.problems()


def test_who_may_not_lock_is_told_so(host: Gitea, lock: GiteaLock) -> None:
    host.refuses = "403 Forbidden"
    with pytest.raises(CannotDecide, match="403"):
        lock.protect()
    with pytest.raises(CannotDecide, match="403"):
        lock.problems()
