"""What every Git host must do, whatever it is made of.

The tests of a host import everything here and bring their own ``world``.
"""

from __future__ import annotations

import pytest

from contracts.forges import World
from turnpike.documents.identifiers import ObjectId, digest_of
from turnpike.errors import CannotDecide, InputError, RepositoryChanged
from turnpike.evidence.envelope import Envelope, envelope_of
from turnpike.evidence.statement import VALIDATION, statement_about
from turnpike.forge.interface import Landing, Opening, Report, StatusState, Summary
from unit.evidence.observations import observation, stated

BOT = "turnpike-bot"


def opened(world: World, name: str) -> tuple[int, ObjectId]:
    commit = world.commit(name)
    return world.forge("maria-lopez").open(Opening(head=commit, title=f"Add {name}")), commit


def summary(world: World, number: int) -> Summary:
    found = [one for one in world.forge(BOT).pull_requests() if one.number == number]
    assert len(found) == 1
    return found[0]


def test_a_pull_request_is_told_as_it_was_opened(world: World) -> None:
    number, commit = opened(world, "told")
    told = world.forge(BOT).pull_request(number)
    assert (told.number, told.title, told.author, told.head, told.pushers) == (
        number, "Add told", "maria-lopez", commit, ("maria-lopez",),
    )  # fmt: skip
    assert world.forge("nora-smith").head_of(number) == commit
    assert told.host == world.forge(BOT).name
    assert not told.reviews
    assert not told.unverified
    assert summary(world, number) == Summary(
        number, "Add told", "maria-lopez", commit, "open", None
    )


def test_a_host_tells_whose_account_it_is_used_by(world: World) -> None:
    assert [world.forge(who).account() for who in ("maria-lopez", BOT)] == ["maria-lopez", BOT]


def test_each_pull_request_has_a_number_of_its_own(world: World) -> None:
    first, _ = opened(world, "number-one")
    second, _ = opened(world, "number-two")
    assert first != second
    numbers = [one.number for one in world.forge(BOT).pull_requests()]
    assert numbers == sorted(set(numbers))
    assert {first, second} <= set(numbers)


def test_a_review_is_of_one_commit_and_the_latest_counts(world: World) -> None:
    number, commit = opened(world, "reviewed")
    nora = world.forge("nora-smith")
    nora.review(number, "changes-requested", commit)
    nora.review(number, "approved", commit)
    told = nora.pull_request(number)
    assert [(r.account, r.state, r.commit) for r in told.reviews] == [
        ("nora-smith", "approved", commit)
    ]


def test_a_review_that_was_taken_back_does_not_stand(world: World) -> None:
    number, commit = opened(world, "taken-back")
    tom = world.forge("tom-becker")
    tom.review(number, "approved", commit)
    tom.review(number, "dismissed", commit)
    standing = [r for r in tom.pull_request(number).reviews if r.state != "dismissed"]
    assert standing == []


def test_a_push_moves_the_head_and_leaves_reviews_behind(world: World) -> None:
    number, old = opened(world, "moved")
    world.forge("nora-smith").review(number, "approved", old)
    new = world.commit("moved-on")
    world.forge("tom-becker").push(number, new)
    told = world.forge(BOT).pull_request(number)
    assert (told.head, told.author, told.pushers) == (
        new, "maria-lopez", ("maria-lopez", "tom-becker"),
    )  # fmt: skip
    assert [review.commit for review in told.reviews] == [old]


def test_a_push_may_say_anew_what_the_pull_request_carries(world: World) -> None:
    number, old = opened(world, "retold")
    maria = world.forge("maria-lopez")
    newer, newest = world.commit("retold-newer"), world.commit("retold-newest")
    maria.push(number, newer, "Add two")
    assert (summary(world, number).title, summary(world, number).head) == ("Add two", newer)
    maria.push(number, newest)
    maria.push(number, newest, "Add two")
    assert world.forge(BOT).pull_request(number).title == "Add two"
    maria.push(number, newest, "Add three")
    assert summary(world, number).title == "Add three"
    with pytest.raises(InputError, match="title"):
        maria.push(number, old, "two\nlines")
    assert summary(world, number).head == newest


def test_a_review_of_what_is_no_longer_the_head_is_refused(world: World) -> None:
    number, old = opened(world, "late")
    world.forge("maria-lopez").push(number, world.commit("late-push"))
    with pytest.raises(InputError, match="expected a review of its head"):
        world.forge("nora-smith").review(number, "approved", old)
    assert world.forge(BOT).pull_request(number).reviews == ()


def test_a_comment_is_updated_in_place(world: World) -> None:
    number, _ = opened(world, "commented")
    bot = world.forge(BOT)
    assert bot.comment_of(number, BOT) == ""
    bot.comment(number, "denied, for two reasons")
    world.forge("nora-smith").comment(number, "I will look at it")
    bot.comment(number, "allowed")
    bot.comment(number, "allowed")
    assert bot.comment_of(number, BOT) == "allowed"
    assert bot.comment_of(number, "nora-smith") == "I will look at it"


def test_a_status_is_the_last_report_on_the_head(world: World) -> None:
    number, commit = opened(world, "status")
    bot = world.forge(BOT)
    bot.status(commit, "failure", "3 findings")
    assert summary(world, number).status == "failure"
    bot.status(commit, "success", "x" * 1000)
    assert summary(world, number).status == "success"
    world.forge("maria-lopez").push(number, world.commit("status-moved"))
    assert summary(world, number).status is None


def test_a_report_is_a_comment_and_a_status(world: World) -> None:
    number, commit = opened(world, "reported")
    bot = world.forge(BOT)
    said: list[tuple[StatusState, str]] = [("failure", "denied"), ("success", "allowed")]
    for state, text in (*said, said[-1]):
        bot.report(number, Report(commit, state, text, f"It is {text}."))
        assert bot.comment_of(number, BOT) == f"It is {text}."
        assert summary(world, number).status == state


def envelope(text: str) -> Envelope:
    said = statement_about("team/model", digest_of(text.encode()), VALIDATION, {"said": text})
    return envelope_of(said, digest_of(b"key"), b"signature")


def test_evidence_travels_once_each(world: World) -> None:
    number, _ = opened(world, "evidence")
    other, _ = opened(world, "no-evidence")
    forge = world.forge("maria-lopez")
    one, two = envelope("one"), envelope("two")
    for each in (one, two, one):
        forge.attach(number, each)
    found = forge.attachments(number)
    assert sorted(e.digest() for e in found) == sorted((one.digest(), two.digest()))
    assert list(found) == sorted(found, key=lambda e: e.digest())
    assert forge.attachments(other) == ()


def seen(world: World, text: str, start: int, end: int, *, healthy: bool = True) -> Envelope:
    return world.observed(
        stated(observation(start, end, healthy=healthy), digest_of(text.encode()))
    )


def test_observations_are_published_once_and_read_by_artifact(world: World) -> None:
    forge = world.forge(BOT)
    one, two = seen(world, "read", 0, 10), seen(world, "read", 20, 30)
    other = seen(world, "read-other", 0, 10)
    forge.observe(one, other)
    forge.observe(two, one)
    found = forge.observations([digest_of(b"read")])
    assert list(found) == sorted((one, two), key=lambda e: e.digest())
    assert forge.observations([digest_of(b"read"), digest_of(b"read-other")]) == tuple(
        sorted((one, two, other), key=lambda e: e.digest())
    )
    assert forge.observations([digest_of(b"never seen")]) == ()
    assert forge.observations([]) == ()


def test_an_observation_of_more_time_takes_the_place_of_the_older_ones(world: World) -> None:
    forge, artifact = world.forge(BOT), digest_of(b"longer")
    for end in (10, 20, 30):
        forge.observe(seen(world, "longer", 0, end))
    forge.observe(seen(world, "longer", 0, 20))  # late: it is said already
    (only,) = forge.observations([artifact])
    assert only == seen(world, "longer", 0, 30)


def test_what_was_seen_unhealthy_stays_beside_what_was_seen_healthy(world: World) -> None:
    forge, artifact = world.forge(BOT), digest_of(b"flapping")
    bad = seen(world, "flapping", 5, 6, healthy=False)
    good = seen(world, "flapping", 0, 30)
    forge.observe(bad)
    forge.observe(good)
    assert set(forge.observations([artifact])) == {bad, good}


def test_only_an_observation_is_published_as_one(world: World) -> None:
    with pytest.raises(InputError, match="expected an observation"):
        world.forge(BOT).observe(envelope("no observation"))


def test_an_unknown_pull_request_is_bad_input(world: World) -> None:
    forge = world.forge("maria-lopez")
    for ask in (
        lambda: forge.pull_request(999),
        lambda: forge.head_of(999),
        lambda: forge.attachments(999),
        lambda: forge.review(999, "approved", world.main()),
        lambda: forge.comment(999, "hello"),
        lambda: forge.close(999),
    ):
        with pytest.raises(InputError, match="no pull request 999"):
            ask()


def test_a_closed_pull_request_stays_as_it_is(world: World) -> None:
    number, commit = opened(world, "closed")
    forge = world.forge("maria-lopez")
    forge.close(number)
    forge.close(number)
    assert summary(world, number).state == "closed"
    with pytest.raises(InputError, match="it is closed"):
        forge.review(number, "approved", commit)


def test_main_takes_nothing_that_was_not_judged(world: World) -> None:
    number, commit = opened(world, "unjudged")
    before = world.main()
    with pytest.raises(CannotDecide, match="refused"):
        world.forge("sam-rivera").land(number, Landing(commit, before))
    assert world.main() == before


def test_main_takes_a_judged_merge_and_shows_it(world: World) -> None:
    number, commit = opened(world, "judged")
    base = world.main()
    merge = world.judged_merge(commit)
    bot = world.forge(BOT)
    bot.land(number, Landing(merge, base))
    assert world.main() == merge
    assert summary(world, number).state == "merged"
    bot.mark_merged(number, merge)
    bot.mark_merged(number, merge)
    assert summary(world, number).state == "merged"
    with pytest.raises(InputError, match="it is merged"):
        bot.push(number, world.commit("after-the-merge"))


def test_main_that_moved_on_is_told_from_a_refusal(world: World) -> None:
    slow, first = opened(world, "race-one")
    fast, second = opened(world, "race-two")
    base = world.main()
    loser = world.judged_merge(first)
    winner = world.judged_merge(second)
    bot = world.forge(BOT)
    bot.land(fast, Landing(winner, base))
    with pytest.raises(RepositoryChanged):
        bot.land(slow, Landing(loser, base))
    assert world.main() == winner


def test_what_main_has_is_no_pull_request(world: World) -> None:
    with pytest.raises(InputError, match="main does not have"):
        world.forge("maria-lopez").open(Opening(head=world.main(), title="Nothing"))


@pytest.mark.parametrize("title", ["", "  ", "two\nlines", "x" * 300, "\x1b[31mred"])
def test_a_title_is_one_plain_line(world: World, title: str) -> None:
    with pytest.raises(InputError, match="title"):
        world.forge("maria-lopez").open(Opening(head=world.commit("title"), title=title))
