"""A real Gitea keeps the contract of every Git host."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pydantic import JsonValue

from contracts.forge_contract import *  # noqa: F403 - the tests themselves
from servers.gitea_world import BOT, NAME, OWNER, GiteaWorld, gitea_world
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, InputError
from turnpike.forge.atomic_push import Move
from turnpike.forge.gitea_protection import problems_of, protect
from turnpike.forge.hosted import Looks
from turnpike.forge.interface import Opening
from turnpike.forge.remote_git import RemoteGit


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GiteaWorld]:
    with gitea_world(tmp_path_factory.mktemp("gitea")) as made:
        yield made


def test_the_merge_button_and_a_forged_green_status_get_nowhere(world: GiteaWorld) -> None:
    commit = world.commit("button")
    maria = world.forge("maria-lopez")
    number = maria.open(Opening(head=commit, title="Press the button"))
    maria.status(commit, "success", "forged")
    before = world.main()
    path = f"/api/v1/repos/{OWNER}/{NAME}/pulls/{number}/merge"
    for person in ("maria-lopez", "sam-rivera"):
        with pytest.raises(CannotDecide):
            world.api(person).send("POST", path, {"Do": "merge", "force_merge": True})
    assert world.main() == before


def test_an_approval_of_the_difference_from_another_branch_is_none_of_main(
    world: GiteaWorld,
) -> None:
    prepared, commit = world.commit("prepared"), world.commit("aimed-anew")
    world.remote(BOT).put("prepared", prepared)
    number = world.forge("maria-lopez").open(Opening(head=commit, title="Aim anew"))
    world.forge("nora-smith").review(number, "approved", commit)
    path = f"/api/v1/repos/{OWNER}/{NAME}/pulls/{number}"
    world.api("maria-lopez").send("PATCH", path, {"base": "prepared"})
    with pytest.raises(InputError, match="expected one into main"):
        world.forge(BOT).pull_request(number)
    with pytest.raises(InputError, match="expected one into main"):
        world.forge("tom-becker").review(number, "approved", commit)
    assert number not in [one.number for one in world.forge(BOT).pull_requests()]
    world.api("maria-lopez").send("PATCH", path, {"base": "main"})
    told = world.forge(BOT).pull_request(number)
    assert told.reviews == ()
    assert "nora-smith" in told.unverified[0]
    time.sleep(1.1)  # Gitea counts in seconds
    world.forge("nora-smith").review(number, "approved", commit)
    assert [one.account for one in world.forge(BOT).pull_request(number).reviews] == ["nora-smith"]


def test_who_pushed_before_is_told_also_after_much_else(world: GiteaWorld) -> None:
    number = world.forge("maria-lopez").open(Opening(head=world.commit("first"), title="Push"))
    pull: Any = world.api(BOT).get(f"/api/v1/repos/{OWNER}/{NAME}/pulls/{number}")
    branch = str(pull["head"]["ref"])
    second = world.child_of(ObjectId(branch_at(world, branch)), {"docs/second.md": b"2"})
    world.forge("tom-becker").push(number, second)
    moves = [world.commit(f"noise-{one}") for one in range(30)]
    git = world.remote("nora-smith")
    for one in range(0, 30, 10):  # more than one page of the activities
        git.push(
            *(Move(f"refs/heads/noise-{commit}", commit, None) for commit in moves[one : one + 10])
        )
    third = world.child_of(second, {"docs/third.md": b"3"})
    world.forge("maria-lopez").push(number, third)
    told = world.forge(BOT).pull_request(number)
    assert set(told.pushers) == {"maria-lopez", "tom-becker"}


def branch_at(world: GiteaWorld, branch: str) -> str:
    return world.remote(BOT).refs(f"refs/heads/{branch}")[f"refs/heads/{branch}"]


def test_what_a_stranger_pushed_to_their_fork_is_told_by_no_branch_of_the_same_name_here(
    world: GiteaWorld,
) -> None:
    nora, commit = world.api("nora-smith"), world.commit("forked")
    nora.send("POST", f"/api/v1/repos/{OWNER}/{NAME}/forks", {})
    fork = RemoteGit(world.remote("nora-smith").clone, f"{world.gitea.url}/nora-smith/{NAME}.git")
    fork.put("same-name", commit)
    world.remote("maria-lopez").put("same-name", commit)
    body: dict[str, JsonValue] = {
        "title": "From a fork",
        "head": "nora-smith:same-name",
        "base": "main",
    }
    made: Any = nora.send("POST", f"/api/v1/repos/{OWNER}/{NAME}/pulls", body)
    bot = replace(world.forge(BOT), looks=Looks(times=3))
    told = bot.pull_request(made["number"])
    assert told.head == commit
    assert told.pushers == ()


def test_a_reviewer_whose_account_is_deleted_counts_no_more_and_stops_nothing(
    world: GiteaWorld,
) -> None:
    number = world.forge("maria-lopez").open(Opening(head=world.commit("left"), title="Leave"))
    head = world.forge(BOT).pull_request(number).head
    world.add_person("leaver")
    world.forge("leaver").review(number, "approved", head)
    assert [one.member for one in world.forge(BOT).pull_request(number).reviews] == [True]
    world.administrator.send("DELETE", "/api/v1/admin/users/leaver?purge=true", {})
    assert [one.member for one in world.forge(BOT).pull_request(number).reviews] == [None]


def test_a_rule_of_a_pattern_that_outranks_the_lock_is_a_problem(world: GiteaWorld) -> None:
    repository, rules = f"{OWNER}/{NAME}", f"/api/v1/repos/{OWNER}/{NAME}/branch_protections"
    world.main()
    loose: dict[str, JsonValue] = {"rule_name": "mai*", "enable_push": True}
    world.administrator.send("POST", rules, loose)
    world.administrator.send("DELETE", f"{rules}/main", {})
    try:
        protect(world.administrator, repository, BOT)  # younger, and so of no account
        found = problems_of(world.administrator, repository, BOT)
        assert [(one.branch, one.setting, one.actual) for one in found] == [
            ("main", "rule in force", "mai*")
        ]
    finally:
        world.administrator.send("DELETE", f"{rules}/mai*", {})
    assert problems_of(world.administrator, repository, BOT) == ()


def test_what_is_not_there_is_told_with_what_to_do(world: GiteaWorld) -> None:
    gone = replace(world.forge(BOT), repository=f"{OWNER}/renamed")
    with pytest.raises(CannotDecide, match="expected the Git host to have it") as failure:
        gone.pull_requests()
    assert failure.value.code == "forge.not-there"


def test_a_token_is_never_printed(world: GiteaWorld) -> None:
    secret = world.tokens[BOT].secret
    assert secret not in repr(world.api(BOT))
    assert secret not in repr(world.forge(BOT))
    assert secret not in repr(world.tokens)


def test_what_the_lock_is_made_of_is_told_setting_by_setting(world: GiteaWorld) -> None:
    repository = f"{OWNER}/{NAME}"
    assert problems_of(world.administrator, repository, BOT) == ()
    found = {(one.branch, one.setting) for one in problems_of(world.administrator, repository, "x")}
    assert ("main", "push_whitelist_usernames") in found
    assert ("turnpike/record", "merge_whitelist_usernames") in found
