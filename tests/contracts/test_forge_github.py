"""The adapter of GitHub keeps the contract of every Git host, against a stand-in."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from contracts.aiming_contract import *  # noqa: F403 - the tests themselves
from contracts.fake_host import Answer
from contracts.fake_worlds import BOT, PEOPLE, QUICK, REPOSITORY, FakeWorld, begin, clone_in
from contracts.forge_contract import *  # noqa: F403 - the tests themselves
from contracts.forge_contract import opened
from contracts.github_fake import GitHubFake, github_fake
from turnpike.errors import CannotDecide, Unavailable
from turnpike.forge.github import GitHubForge
from turnpike.forge.github_api import github_api
from turnpike.forge.github_protection import GitHubLock
from turnpike.forge.hosted import Looks
from turnpike.forge.refs import PULLS
from turnpike.forge.web import Token


@dataclass
class GitHubWorld(FakeWorld):
    """The world with the stand-in's inside, to order faults."""

    fake: GitHubFake


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHubWorld]:
    folder = tmp_path_factory.mktemp("github")
    with github_fake(folder, PEOPLE, REPOSITORY) as (address, fake):
        made = GitHubWorld(
            address, clone_in(folder), PULLS,
            lambda at, token, git: GitHubForge(github_api(at, token, QUICK), REPOSITORY, git),
            fake,
        )  # fmt: skip
        begin(made)
        GitHubLock(github_api(address, Token("secret-of-owner"), QUICK), REPOSITORY, BOT).protect()
        yield made


def test_who_did_not_tell_who_pushed_lets_no_approval_count(world: GitHubWorld) -> None:
    number, _ = opened(world, "untold")
    branch = world.fake.pulls[number].branch
    api = github_api(world.address, world.token(BOT), QUICK)
    bot = GitHubForge(api, REPOSITORY, world.remote(BOT), Looks(times=2))
    assert bot.pull_request(number).pushers == ("maria-lopez",)
    world.fake.hidden.add(f"refs/heads/{branch}")
    assert bot.pull_request(number).pushers == ()


def test_an_approval_of_the_difference_from_another_branch_is_none_of_main(
    world: GitHubWorld,
) -> None:
    number, commit = opened(world, "aimed-anew")
    world.forge("nora-smith").review(number, "approved", commit)
    world.forge("tom-becker").review(number, "changes-requested", commit)
    world.fake.aim(number, "prepared")
    world.fake.aim(number, "main", "automatic_base_change_succeeded")
    told = world.forge(BOT).pull_request(number)
    assert [(one.account, one.state) for one in told.reviews] == [
        ("tom-becker", "changes-requested")
    ]
    assert "nora-smith" in told.unverified[0]
    world.forge("nora-smith").review(number, "approved", commit)
    told = world.forge(BOT).pull_request(number)
    assert ("nora-smith", "approved") in [(one.account, one.state) for one in told.reviews]


def test_pushes_that_the_bot_may_not_read_are_told_by_nobody(world: GitHubWorld) -> None:
    number, _ = opened(world, "unread")
    api = github_api(world.address, world.token(BOT), QUICK)
    bot = GitHubForge(api, REPOSITORY, world.remote(BOT), Looks(times=1))
    for status in (403, 404):
        world.fake.host.order("/activity", Answer(status, {"message": "not for you"}))
        assert bot.pull_request(number).pushers == ()
    assert bot.pull_request(number).pushers == ("maria-lopez",)


def test_membership_is_asked_now_and_only_takes_away(world: GitHubWorld) -> None:
    number, commit = opened(world, "members")
    world.forge("nora-smith").review(number, "approved", commit)
    assert [r.member for r in world.forge(BOT).pull_request(number).reviews] == [True]
    world.fake.members.remove("nora-smith")
    try:
        assert [r.member for r in world.forge(BOT).pull_request(number).reviews] == [False]
    finally:
        world.fake.members.add("nora-smith")
    world.fake.host.order("/collaborators/", Answer(403, {"message": "not for you"}))
    assert [r.member for r in world.forge(BOT).pull_request(number).reviews] == [None]


def test_everything_is_read_to_the_last_page(world: GitHubWorld) -> None:
    number, commit = opened(world, "pages")
    for person in ("tom-becker", "nora-smith", "sam-rivera"):
        world.forge(person).comment(number, f"{person} was here")
        world.forge(person).review(number, "approved", commit)
    bot = world.forge(BOT)
    assert len(bot.pull_request(number).reviews) == 3
    assert bot.comment_of(number, "sam-rivera") == "sam-rivera was here"


LIMITED = (
    Answer(429, {"message": "slow down"}, {"Retry-After": "0"}),
    Answer(403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "1"}),
    Answer(403, {"message": "spent"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}),
)


@pytest.mark.parametrize("limit", LIMITED)
def test_a_rate_limit_is_waited_for_even_before_what_is_done_once(
    world: GitHubWorld, limit: Answer
) -> None:
    number, _ = opened(world, f"limited-{LIMITED.index(limit)}")
    world.fake.host.order(f"/issues/{number}/comments", limit, limit)
    world.forge(BOT).comment(number, "once")
    said = [c.body for c in world.fake.comments if c.pull == number]
    assert len(said) == 1


def test_a_limit_of_an_hour_is_told_and_not_waited_for(world: GitHubWorld) -> None:
    number, _ = opened(world, "hour")
    reset = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 3600)}
    world.fake.host.order(f"/pulls/{number}$", Answer(403, {"message": "spent"}, reset))
    with pytest.raises(Unavailable, match="rate limit is used up") as raised:
        world.forge(BOT).pull_request(number)
    assert raised.value.code == "forge.rate-limited"


BROKEN = (
    Answer(500, {"message": "oops"}),
    Answer(502, raw=b"<html>Bad gateway</html>", kind="text/html"),
    Answer(503, {"message": "busy"}, {"Retry-After": "0"}),
)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_failure_is_asked_again_and_a_lasting_one_decides_nothing(
    world: GitHubWorld, broken: Answer
) -> None:
    number, _ = opened(world, f"broken-{broken.status}")
    bot = world.forge(BOT)
    world.fake.host.order(f"/pulls/{number}$", broken, broken)
    assert bot.pull_request(number).number == number
    world.fake.host.order(f"/pulls/{number}$", *([broken] * QUICK.tries))
    with pytest.raises(Unavailable, match=f"HTTP status {broken.status}"):
        bot.pull_request(number)


def test_what_could_be_done_twice_is_sent_once(world: GitHubWorld) -> None:
    _, commit = opened(world, "once")
    world.fake.host.order("/statuses/", Answer(502, {"message": "oops"}))
    before = len(world.fake.host.asked)
    with pytest.raises(Unavailable):
        world.forge(BOT).status(commit, "success", "allowed")
    posts = [r for r in world.fake.host.asked[before:] if "/statuses/" in r.path]
    assert len(posts) == 1


NOT_GITHUB = (
    Answer(200, raw=b"<html>Sign in</html>", kind="text/html"),
    Answer(200, {"number": 1}),
    Answer(200, raw=b'{"number": ', kind="application/json"),
    Answer(301, {"message": "Moved"}, {"Location": "http://127.0.0.1:9/"}),
)


@pytest.mark.parametrize("answer", NOT_GITHUB)
def test_an_answer_that_is_not_githubs_decides_nothing(world: GitHubWorld, answer: Answer) -> None:
    number, _ = opened(world, f"not-github-{NOT_GITHUB.index(answer)}")
    world.fake.host.order(f"/pulls/{number}$", answer)
    with pytest.raises(Unavailable):
        world.forge(BOT).pull_request(number)


def test_a_token_is_in_no_message_and_no_picture(world: GitHubWorld) -> None:
    number, _ = opened(world, "token")
    bot, secret = world.forge(BOT), world.token(BOT).secret
    assert secret not in repr(bot)
    world.fake.host.order(f"/pulls/{number}$", Answer(401, {"message": "Bad credentials"}))
    with pytest.raises(CannotDecide) as raised:
        bot.pull_request(number)
    assert secret not in "".join(traceback.format_exception(raised.value))
    assert secret not in str(raised.value)
