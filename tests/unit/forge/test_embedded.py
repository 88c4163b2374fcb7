"""The embedded host beyond what every host does: races, forgeries, refs moved behind its back."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, RepositoryChanged
from turnpike.forge.event import NAMESPACE, Event, encode
from turnpike.forge.interface import Opening
from turnpike.forge.refs import event_ref, head_ref
from turnpike.signing.ssh import sign_ssh
from unit.instance.aurora import Aurora, git, now


def plant(aurora: Aurora, number: int, content: bytes) -> str:
    """Write an event's blob and ref into the host itself, behind its hook."""
    digest = hashlib.sha256(content).hexdigest()
    aurora.host.update_ref(event_ref(number, digest), aurora.host.write_blob(content), None)
    return digest


def approval(aurora: Aurora, number: int, commit: ObjectId, account: str, signer: str) -> bytes:
    said = Event(
        kind="reviewed", genesis=aurora.instance.genesis, pull_request=number, commit=commit,
        account=account, at=now(), state="approved",
    )  # fmt: skip
    return encode(
        said, sign_ssh(aurora.instance.person_key(signer), NAMESPACE, said.signed_bytes())
    )


def test_a_forged_approval_is_listed_and_does_not_count(aurora: Aurora) -> None:
    number, commit = aurora.opened("forged")
    digest = plant(aurora, number, approval(aurora, number, commit, "nora-smith", "maria-lopez"))
    told = aurora.forge().pull_request(number)
    assert told.reviews == ()
    (left_out,) = told.unverified
    assert digest[:12] in left_out
    assert "not signed with a key of 'nora-smith'" in left_out


def test_an_approval_of_another_pull_request_is_not_replayed(aurora: Aurora) -> None:
    first, commit = aurora.opened("replay-from")
    second = aurora.forge("tom-becker").open(Opening(head=commit, title="Same commit, again"))
    aurora.forge("nora-smith").review(first, "approved", commit)
    plant(aurora, second, approval(aurora, first, commit, "nora-smith", "nora-smith"))
    told = aurora.forge().pull_request(second)
    assert told.reviews == ()
    assert f"of pull request {first}" in told.unverified[0]


def test_a_head_that_was_moved_behind_the_host_has_no_pusher(aurora: Aurora) -> None:
    number, commit = aurora.opened("moved-behind")
    aurora.forge("nora-smith").review(number, "approved", commit)
    other = aurora.commit("docs/other.md", "other")
    git(aurora.instance.host, "fetch", "-q", str(aurora.instance.monorepo), other)
    aurora.host.update_ref(head_ref(number), other, commit)
    told = aurora.forge().pull_request(number)
    assert (told.head, told.pushers) == (other, ())
    assert [review.commit for review in told.reviews] == [commit]
    aurora.forge("maria-lopez").push(number, other)
    assert aurora.forge().pull_request(number).pushers == ("maria-lopez",)


def test_the_same_push_again_says_nothing_new(aurora: Aurora) -> None:
    number, commit = aurora.opened("same")
    before = aurora.host.refs.under(f"refs/pull/{number}/")
    aurora.forge("maria-lopez").push(number, commit)
    assert aurora.host.refs.under(f"refs/pull/{number}/") == before


def test_pull_requests_opened_at_once_get_numbers_of_their_own(aurora: Aurora) -> None:
    commits = [aurora.commit(f"docs/race-{n}.md", str(n)) for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        numbers = list(
            pool.map(
                lambda c: aurora.forge("maria-lopez").open(Opening(head=c, title="Race")), commits
            )
        )
    assert len(set(numbers)) == 4
    told = {aurora.forge().pull_request(number).head for number in numbers}
    assert told == set(commits)


def test_two_pushes_at_once_leave_one_head_with_its_own_pusher(aurora: Aurora) -> None:
    number, _ = aurora.opened("two-pushes")
    new = {p: aurora.commit(f"docs/{p}.md", p) for p in ("maria-lopez", "tom-becker")}

    def push(person: str) -> str:
        try:
            aurora.forge(person).push(number, new[person])
        except RepositoryChanged:
            return ""
        return person

    with ThreadPoolExecutor(2) as pool:
        winners = [person for person in pool.map(push, new) if person]
    told = aurora.forge().pull_request(number)
    assert set(told.pushers) == {"maria-lopez", *winners}
    assert told.head in {new[winner] for winner in winners}


def test_who_has_no_account_or_no_key_cannot_speak(aurora: Aurora) -> None:
    number, commit = aurora.opened("speakers")
    with pytest.raises(InputError, match="got nobody"):
        aurora.forge().review(number, "approved", commit)
    with pytest.raises(InputError, match="got mallory"):
        aurora.forge("mallory").review(number, "approved", commit)
    aurora.instance.person_key("omar-haddad").rename(aurora.instance.folder / "away")
    with pytest.raises(InputError, match="private key"):
        aurora.forge("omar-haddad").review(number, "approved", commit)


def test_a_long_comment_is_cut_and_not_refused(aurora: Aurora) -> None:
    number, _ = aurora.opened("long")
    bot = aurora.forge("turnpike-bot")
    bot.comment(number, "x" * 100_000)
    bot.comment(number, "x" * 100_000)
    assert bot.comment_of(number, "turnpike-bot").endswith("x…")
    events = aurora.host.refs.under(f"refs/pull/{number}/events/")
    assert len(events) == 2
