"""The adapter of GitLab keeps the contract of every Git host, against a stand-in."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from contracts.aiming_contract import *  # noqa: F403 - the tests themselves
from contracts.fake_host import Answer
from contracts.fake_worlds import BOT, PEOPLE, QUICK, REPOSITORY, FakeWorld, begin, clone_in
from contracts.forge_contract import *  # noqa: F403 - the tests themselves
from contracts.forge_contract import opened
from contracts.gitlab_fake import GitLabFake, gitlab_fake
from turnpike.errors import CannotDecide, Unavailable
from turnpike.forge.gitlab import GitLabForge
from turnpike.forge.gitlab_api import gitlab_api
from turnpike.forge.gitlab_protection import GitLabLock
from turnpike.forge.hosted import Looks
from turnpike.forge.refs import GITLAB_PULLS
from turnpike.forge.web import Token


@dataclass
class GitLabWorld(FakeWorld):
    """The world with the stand-in's inside, to order faults."""

    fake: GitLabFake

    def lock(self, bot: str = BOT) -> GitLabLock:
        owner = gitlab_api(self.address, Token("secret-of-owner"), QUICK)
        return GitLabLock(owner, REPOSITORY, bot)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitLabWorld]:
    folder = tmp_path_factory.mktemp("gitlab")
    with gitlab_fake(folder, PEOPLE, REPOSITORY) as (address, fake):
        made = GitLabWorld(
            address, clone_in(folder), GITLAB_PULLS,
            lambda at, token, git: GitLabForge(gitlab_api(at, token, QUICK), REPOSITORY, git),
            fake,
        )  # fmt: skip
        begin(made)
        made.lock().protect()
        fake.resets = False
        yield made


def test_an_approval_is_of_the_version_that_was_there(world: GitLabWorld) -> None:
    number, old = opened(world, "versions")
    nora = world.forge("nora-smith")
    nora.review(number, "approved", old)
    new = world.child_of(old, {"docs/versions.md": b"more\n"})
    world.forge("maria-lopez").push(number, new)
    told = world.forge(BOT).pull_request(number)
    assert (told.head, [r.commit for r in told.reviews]) == (new, [old])
    world.fake.resets = True
    try:
        newer = world.child_of(new, {"docs/versions.md": b"even more\n"})
        world.forge("maria-lopez").push(number, newer)
    finally:
        world.fake.resets = False
    assert world.forge(BOT).pull_request(number).reviews == ()


def test_an_approval_without_a_moment_approves_nothing(world: GitLabWorld) -> None:
    number, commit = opened(world, "no-moment")
    world.forge("nora-smith").review(number, "approved", commit)
    world.fake.tells_when = False
    try:
        told = world.forge(BOT).pull_request(number)
    finally:
        world.fake.tells_when = True
    assert told.reviews == ()
    assert [text.split(":")[0] for text in told.unverified] == ["approval by nora-smith"]


def test_who_did_not_tell_who_pushed_lets_no_approval_count(world: GitLabWorld) -> None:
    number, _ = opened(world, "untold")
    api = gitlab_api(world.address, world.token(BOT), QUICK)
    bot = GitLabForge(api, REPOSITORY, world.remote(BOT), Looks(times=2))
    assert bot.pull_request(number).pushers == ("maria-lopez",)
    world.fake.hidden.add(world.fake.requests[number].branch)
    assert bot.pull_request(number).pushers == ()


def test_an_approval_of_the_difference_from_another_branch_is_none_of_main(
    world: GitLabWorld,
) -> None:
    number, commit = opened(world, "aimed-anew")
    world.forge("nora-smith").review(number, "approved", commit)
    world.forge("tom-becker").review(number, "changes-requested", commit)
    world.fake.aim(number, "prepared")
    world.fake.aim(number, "main", by_itself=True)
    told = world.forge(BOT).pull_request(number)
    assert [(one.account, one.state) for one in told.reviews] == [
        ("tom-becker", "changes-requested")
    ]
    assert "nora-smith" in told.unverified[0]
    world.forge("nora-smith").review(number, "dismissed", commit)  # GitLab takes no second one
    world.forge("nora-smith").review(number, "approved", commit)
    told = world.forge(BOT).pull_request(number)
    assert ("nora-smith", "approved") in [(one.account, one.state) for one in told.reviews]


def test_pushes_that_the_bot_may_not_read_are_told_by_nobody(world: GitLabWorld) -> None:
    number, _ = opened(world, "unread")
    api = gitlab_api(world.address, world.token(BOT), QUICK)
    bot = GitLabForge(api, REPOSITORY, world.remote(BOT), Looks(times=1))
    for status in (403, 404):
        world.fake.host.order("/events", Answer(status, {"message": "not for you"}))
        assert bot.pull_request(number).pushers == ()
    assert bot.pull_request(number).pushers == ("maria-lopez",)


def test_membership_is_asked_now_and_only_takes_away(world: GitLabWorld) -> None:
    number, commit = opened(world, "members")
    world.forge("nora-smith").review(number, "approved", commit)
    assert [r.member for r in world.forge(BOT).pull_request(number).reviews] == [True]
    world.fake.members.remove("nora-smith")
    try:
        assert [r.member for r in world.forge(BOT).pull_request(number).reviews] == [False]
    finally:
        world.fake.members.add("nora-smith")
    world.fake.host.order("/members/all/", Answer(403, {"message": "403 Forbidden"}))
    assert [r.member for r in world.forge(BOT).pull_request(number).reviews] == [None]


def test_an_objection_is_of_the_head_until_it_is_taken_back(world: GitLabWorld) -> None:
    number, commit = opened(world, "objection")
    tom = world.forge("tom-becker")
    tom.review(number, "changes-requested", commit)
    found = world.forge(BOT).pull_request(number).reviews
    assert [(r.account, r.state, r.commit) for r in found] == [
        ("tom-becker", "changes-requested", commit)
    ]
    tom.review(number, "dismissed", commit)
    assert world.forge(BOT).pull_request(number).reviews == ()


def test_everything_is_read_to_the_last_page(world: GitLabWorld) -> None:
    number, commit = opened(world, "pages")
    for person in ("tom-becker", "nora-smith", "sam-rivera"):
        world.forge(person).comment(number, f"{person} was here")
        world.forge(person).review(number, "approved", commit)
    bot = world.forge(BOT)
    assert len(bot.pull_request(number).reviews) == 3
    assert bot.comment_of(number, "sam-rivera") == "sam-rivera was here"


def test_waiting_twice_is_waiting(world: GitLabWorld) -> None:
    _, commit = opened(world, "pending")
    bot = world.forge(BOT)
    for state in ("pending", "pending", "success", "success"):
        bot.status(commit, state, "one moment")
    assert {s.state for s in world.fake.statuses if s.commit == commit} == {"success"}


BROKEN = (
    Answer(500, {"message": "500 Internal Server Error"}),
    Answer(502, raw=b"<html>Bad gateway</html>", kind="text/html"),
    Answer(429, raw=b"Retry later\n", headers={"Retry-After": "0"}, kind="text/plain"),
)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_failure_is_asked_again_and_a_lasting_one_decides_nothing(
    world: GitLabWorld, broken: Answer
) -> None:
    number, _ = opened(world, f"broken-{broken.status}")
    bot = world.forge(BOT)
    world.fake.host.order(f"/merge_requests/{number}$", broken, broken)
    assert bot.pull_request(number).number == number
    world.fake.host.order(f"/merge_requests/{number}$", *([broken] * QUICK.tries))
    with pytest.raises(Unavailable):
        bot.pull_request(number)


def test_what_could_be_done_twice_is_sent_once(world: GitLabWorld) -> None:
    _, commit = opened(world, "once")
    world.fake.host.order("/statuses/", Answer(502, {"message": "oops"}))
    before = len(world.fake.host.asked)
    with pytest.raises(Unavailable):
        world.forge(BOT).status(commit, "success", "allowed")
    posts = [r for r in world.fake.host.asked[before:] if "/statuses/" in r.path]
    assert len(posts) == 1


NOT_GITLAB = (
    Answer(200, raw=b"<html>Sign in</html>", kind="text/html"),
    Answer(200, {"iid": 1}),
    Answer(200, ["a", "list"]),
    Answer(200, raw=b'{"iid": '),
    Answer(301, {"message": "Moved"}, {"Location": "http://127.0.0.1:9/"}),
)


@pytest.mark.parametrize("answer", NOT_GITLAB)
def test_an_answer_that_is_not_gitlabs_decides_nothing(world: GitLabWorld, answer: Answer) -> None:
    number, _ = opened(world, f"not-gitlab-{NOT_GITLAB.index(answer)}")
    world.fake.host.order(f"/merge_requests/{number}$", answer)
    with pytest.raises(Unavailable):
        world.forge(BOT).pull_request(number)


def test_a_token_is_in_no_message_and_no_picture(world: GitLabWorld) -> None:
    number, _ = opened(world, "token")
    bot, secret = world.forge(BOT), world.token(BOT).secret
    assert secret not in repr(bot)
    refusal = Answer(401, {"message": "401 Unauthorized"})
    world.fake.host.order(f"/merge_requests/{number}$", refusal)
    with pytest.raises(CannotDecide) as raised:
        bot.pull_request(number)
    assert secret not in "".join(traceback.format_exception(raised.value))
