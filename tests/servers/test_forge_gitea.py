"""A real Gitea keeps the contract of every Git host."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from contracts.forge_contract import *  # noqa: F403 - the tests themselves
from servers.gitea_world import BOT, NAME, OWNER, GiteaWorld, gitea_world
from turnpike.errors import CannotDecide, InputError
from turnpike.forge.gitea_protection import problems_of
from turnpike.forge.interface import Opening


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
