# ruff: noqa: ARG002 - this host is told more than it needs
"""What becomes of what a host says: whoever is asked, it is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError
from turnpike.forge.hosted import MARKER, Looks, Pull, unknown_pull_request
from turnpike.forge.hosted_forge import Heard, HostedForge, Remark, with_membership
from turnpike.forge.interface import Opening, ReviewState, StatusState
from turnpike.forge.pushes import Pushed
from turnpike.forge.remote_git import RemoteGit
from turnpike.judge.facts import Review

HEAD = ObjectId("a" * 40)
AT = datetime(2027, 1, 15, 8, tzinfo=UTC)
PULL = Pull(7, "Add", "maria", HEAD, "topic", "aurora/monorepo", "open")


@dataclass
class TalkingHost(HostedForge):
    """A host that says what it is told to, and remembers what it was asked for."""

    host = "talking"
    longest_comment = 60
    repository: str = "aurora/monorepo"
    looks: Looks = field(default_factory=lambda: Looks(2, lambda _: None))
    pulls: tuple[Pull, ...] = (PULL,)
    heard: Heard = field(default_factory=lambda: Heard(()))
    aimed: datetime | None = None
    pushes: tuple[Pushed, ...] = ()
    remarks: dict[int, tuple[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def git(self) -> RemoteGit:  # type: ignore[override]  # nothing here goes over Git
        raise AssertionError("nothing here goes over Git")

    def status(self, commit: ObjectId, state: StatusState, description: str) -> None:
        self.asked.append(f"status {state} {description}")

    def mark_merged(self, number: int, commit: ObjectId) -> None:
        self.asked.append(f"merged {number}")

    def _pull(self, number: int) -> Pull:
        for pull in self.pulls:
            if pull.number == number:
                return pull
        raise unknown_pull_request(self.repository, number)

    def _ask_for_merge(self, opening: Opening, branch: str) -> int:
        return 1

    def _branch_at(self, branch: str) -> str | None:
        return None

    def account(self) -> str:
        return "bot"

    def _pulls(self) -> Iterator[Pull]:
        return iter(self.pulls)

    def _heard(self, pull: Pull) -> Heard:
        return self.heard

    def _aimed_anew(self, number: int) -> datetime | None:
        return self.aimed

    def _pushes(self, pull: Pull) -> Iterator[Pushed]:
        self.asked.append("pushes")
        return iter(self.pushes)

    def _status_of(self, commit: ObjectId) -> StatusState | None:
        self.asked.append(f"status of {commit}")
        return "success"

    def _say(self, pull: Pull, state: ReviewState) -> None:
        self.asked.append(f"{state} {pull.number}")

    def _take_back(self, number: int) -> None:
        self.asked.append(f"taken back {number}")

    def _remarks_by(self, number: int, account: str) -> Iterable[Remark]:
        return (Remark(id_, text) for id_, (by, text) in self.remarks.items() if by == account)

    def _remark(self, number: int, text: str) -> None:
        self.remarks[max(self.remarks, default=0) + 1] = ("bot", text)

    def _rewrite(self, number: int, remark: Remark, text: str) -> None:
        self.remarks[remark.id] = ("bot", text)

    def _rename(self, number: int, title: str) -> None:
        self.asked.append(f"called {number} {title}")

    def _close(self, number: int) -> None:
        self.asked.append(f"closed {number}")


def review(account: str, minutes: int = 0, state: ReviewState = "approved") -> Review:
    return Review(account=account, state=state, commit=HEAD, at=AT + timedelta(minutes=minutes))


def test_a_pull_request_is_what_was_said_last_and_who_pushed() -> None:
    pushes = (Pushed("tom", "b" * 40, HEAD), Pushed("maria", None, "b" * 40))
    said = (review("nora"), review("nora", 1, "changes-requested"), review("ida", 2))
    host = TalkingHost(heard=Heard(said, ("approval by eve: of no commit",)), pushes=pushes)
    seen = host.pull_request(7)
    assert (seen.host, seen.number, seen.head) == ("talking", 7, HEAD)
    assert seen.pushers == ("maria", "tom")
    assert [(one.account, one.state) for one in seen.reviews] == [
        ("ida", "approved"), ("nora", "changes-requested"),
    ]  # fmt: skip
    assert seen.unverified == ("approval by eve: of no commit",)


def test_an_approval_of_another_aim_does_not_count_and_is_told() -> None:
    said = (review("nora"), review("ida", 2))
    seen = TalkingHost(heard=Heard(said), aimed=AT + timedelta(minutes=1)).pull_request(7)
    assert [one.account for one in seen.reviews] == ["ida"]
    assert [one.partition(":")[0] for one in seen.unverified] == ["approval by nora"]


def test_a_push_that_is_not_told_of_yet_is_waited_for_and_then_unknown() -> None:
    host = TalkingHost(pushes=(Pushed("maria", None, "b" * 40),))
    assert host.pull_request(7).pushers == ()
    assert host.asked == ["pushes", "pushes"]


def test_the_head_waits_for_nobody_to_tell_of_pushes() -> None:
    waits: list[float] = []
    host = TalkingHost(looks=Looks(2, waits.append))
    assert (host.head_of(7), waits) == (HEAD, [])
    host.pull_request(7)
    assert len(waits) == 2


def test_only_those_into_main_are_listed_and_only_open_ones_cost_a_question() -> None:
    others = (replace(PULL, number=9, state="merged"), replace(PULL, number=8, target="other"))
    host = TalkingHost(pulls=(*others, PULL))
    assert [(one.number, one.status) for one in host.pull_requests()] == [(7, "success"), (9, None)]
    assert host.asked == [f"status of {HEAD}"]


@pytest.mark.parametrize(
    ("pull", "commit", "code"),
    [
        (replace(PULL, state="closed"), HEAD, "forge.not-open"),
        (replace(PULL, target="other"), HEAD, "forge.other-target"),
        (PULL, ObjectId("b" * 40), "forge.stale-review"),
    ],
)
@pytest.mark.parametrize("state", ["approved", "changes-requested", "dismissed"])
def test_a_review_of_anything_but_an_open_head_is_never_said(
    pull: Pull, commit: ObjectId, code: str, state: ReviewState
) -> None:
    host = TalkingHost(pulls=(pull,))
    with pytest.raises(InputError) as refused:
        host.review(7, state, commit)
    assert (refused.value.code, host.asked) == (code, [])


def test_a_review_is_said_or_taken_back() -> None:
    host = TalkingHost()
    host.review(7, "approved", HEAD)
    host.review(7, "dismissed", HEAD)
    assert host.asked == ["approved 7", "taken back 7"]


def test_an_account_has_one_comment_which_is_changed_in_place() -> None:
    host = TalkingHost(remarks={1: ("maria", "hello"), 2: ("bot", "by hand")})
    host.remarks[3] = ("bot", f"{MARKER}\nold")
    host.comment(7, "new")
    host.comment(7, "new")
    assert host.remarks[3] == ("bot", f"{MARKER}\nnew")
    assert len(host.remarks) == 3
    assert (host.comment_of(7, "bot"), host.comment_of(7, "maria")) == ("new", "hello")
    assert host.comment_of(7, "tom") == ""


def test_a_comment_is_no_longer_than_the_host_takes_and_then_still_the_same() -> None:
    host = TalkingHost()
    host.comment(7, "x" * 100)
    before = dict(host.remarks)
    host.comment(7, "x" * 100)
    assert host.remarks == before
    assert len(host.remarks[1][1]) == 60


def test_what_is_closed_is_not_closed_again() -> None:
    TalkingHost(pulls=(replace(PULL, state="merged"),)).close(7)
    host = TalkingHost()
    host.close(7)
    assert host.asked == ["closed 7"]


def test_each_account_is_asked_once_whether_it_is_a_member() -> None:
    asked: list[str] = []

    def is_member(account: str) -> bool | None:
        asked.append(account)
        return {"nora": True, "eve": None}.get(account, False)

    said = with_membership([review("nora"), review("eve"), review("nora", 1)], is_member)
    assert [one.member for one in said] == [True, None, True]
    assert sorted(asked) == ["eve", "nora"]
