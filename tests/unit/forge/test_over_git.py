"""Over Git a merge is all or nothing, and a host shows as merged only what main has."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from turnpike.documents.identifiers import ObjectId
from turnpike.errors import InputError, RepositoryChanged, TurnpikeError
from turnpike.forge.hosted import Looks, Pull, unknown_pull_request
from turnpike.forge.interface import Landing, Opening, Report, StatusState
from turnpike.forge.over_git import OverGit
from turnpike.forge.refs import MAIN, RECORD
from turnpike.forge.remote_git import RemoteGit
from turnpike.git.repository import Repository
from unit.evidence.observations import SEEN, observation, stated
from unit.git.folder import commit_files
from unit.judge.examples import RoleKey

VALIDATOR = RoleKey("observer")
ENVELOPE = VALIDATOR.sign(stated(observation()))


class SmallHost(OverGit):
    """A host of one pull request, number 1, that remembers what it shows."""

    def __init__(self, git: RemoteGit) -> None:
        self.git = git
        self.repository = "aurora/monorepo"
        self.looks = Looks(sleep=lambda _: None)
        self.shown: dict[str, str] = {}
        self.pull = Pull(1, "Add", "maria", ObjectId("a" * 40), "topic", "aurora/monorepo", "open")

    def comment(self, number: int, body: str) -> None:
        self.shown[f"comment on {self._pull(number).number}"] = body

    def status(self, commit: ObjectId, state: StatusState, description: str) -> None:
        self.shown[f"status of {commit}"] = f"{state}: {description}"

    def mark_merged(self, number: int, commit: ObjectId) -> None:
        self.shown[f"merged {number}"] = commit

    def _pull(self, number: int) -> Pull:
        if number != 1:
            raise unknown_pull_request("aurora/monorepo", number)
        return self.pull

    def _ask_for_merge(self, opening: Opening, branch: str) -> int:
        self.shown[f"pull request of {branch}"] = opening.title
        return 1

    def _rename(self, number: int, title: str) -> None:
        self.shown[f"title of {number}"] = title

    def _branch_at(self, branch: str) -> str | None:
        return self.git.refs(f"refs/heads/{branch}").get(f"refs/heads/{branch}")


class World:
    """A host without a hook, with a main and a record, and a clone beside it."""

    def __init__(self, folder: Path) -> None:
        self.bare = Repository.create(folder / "host.git")
        self.clone = Repository.create(folder / "clone")
        self.host = SmallHost(RemoteGit(self.clone, str(self.bare.path)))
        self.main = commit_files(self.clone, {"a": b"a"})
        self.record = commit_files(self.clone, {"tip.json": b"{}"})
        self.clone.update_ref(MAIN, self.main, None)
        self.clone.update_ref(RECORD, self.record, None)
        self.host.git.begin()

    def landing(self, **bent: ObjectId) -> Landing:
        merge = commit_files(self.clone, {"b": b"b"}, self.main)
        outcome = commit_files(self.clone, {"outcome": b"{}"}, self.record)
        found = {"merge": merge, "base": self.main, "outcome": outcome, "tip": self.record}
        return Landing(**found | bent)

    def refs(self) -> dict[str, ObjectId]:
        return {name: self.bare.resolve(name) for name in (MAIN, RECORD)}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_main_and_the_record_move_together_and_then_it_shows_as_merged(world: World) -> None:
    landing = world.landing()
    world.host.land(1, landing)
    assert world.refs() == {MAIN: landing.merge, RECORD: landing.outcome}
    assert world.host.shown == {"merged 1": landing.merge}


@pytest.mark.parametrize("moved", [MAIN, RECORD])
def test_where_one_of_them_moved_meanwhile_neither_moves_and_nothing_shows_as_merged(
    world: World, moved: str
) -> None:
    landing = world.landing()
    there = world.refs()[moved]
    faster = commit_files(world.bare, {"faster": b"f"}, there)
    world.bare.update_ref(moved, faster, there)
    before = world.refs()
    with pytest.raises(RepositoryChanged):
        world.host.land(1, landing)
    assert (world.refs(), world.host.shown) == (before, {})


def test_the_record_is_appended_to_by_whoever_saw_its_tip(world: World) -> None:
    newer = commit_files(world.clone, {"x": b"x"}, world.record)
    world.host.push_record(newer, world.record)
    assert world.refs()[RECORD] == newer
    late = commit_files(world.clone, {"y": b"y"}, world.record)
    with pytest.raises(TurnpikeError):
        world.host.push_record(late, world.record)
    assert world.refs()[RECORD] == newer


def test_statements_travel_with_a_pull_request_that_exists_and_once(world: World) -> None:
    world.host.attach(1, ENVELOPE)
    world.host.attach(1, ENVELOPE)
    assert world.host.attachments(1) == (ENVELOPE,)
    for act in (lambda: world.host.attach(2, ENVELOPE), lambda: world.host.attachments(2)):
        with pytest.raises(InputError, match="no pull request 2"):
            act()
    assert world.bare.refs.under("refs/turnpike/evidence/2/") == {}


def test_observations_need_no_pull_request(world: World) -> None:
    world.host.observe(ENVELOPE)
    assert world.host.observations([SEEN]) == (ENVELOPE,)


def test_a_report_says_the_same_in_words_and_as_a_status_of_its_commit(world: World) -> None:
    commit = world.main
    world.host.report(1, Report(commit, "failure", "denied: 1 findings (x)", "**Denied**"))
    assert world.host.shown == {
        "comment on 1": "**Denied**",
        f"status of {commit}": "failure: denied: 1 findings (x)",
    }


def test_a_pull_request_is_asked_for_once_its_branch_is_there(world: World) -> None:
    head = commit_files(world.clone, {"b": b"b"}, world.main)
    assert world.host.open(Opening(head, "Add b", branch="topic")) == 1
    assert world.bare.resolve("refs/heads/topic") == head
    assert world.host.shown == {"pull request of topic": "Add b"}


def test_a_title_of_two_lines_leaves_no_branch(world: World) -> None:
    head = commit_files(world.clone, {"b": b"b"}, world.main)
    with pytest.raises(InputError, match="one line"):
        world.host.open(Opening(head, "Add\nb", branch="topic"))
    assert world.bare.refs.under("refs/heads/topic") == {}
    assert world.host.shown == {}


@pytest.mark.parametrize("source", ["mallory/monorepo", ""])
def test_a_branch_of_another_repository_is_not_moved_in_this_one(world: World, source: str) -> None:
    head = commit_files(world.clone, {"b": b"b"}, world.main)
    world.host.open(Opening(head, "Add b", branch="topic"))
    world.host.pull = replace(world.host.pull, head=head, source=source)
    newer = commit_files(world.clone, {"c": b"c"}, head)
    with pytest.raises(InputError, match="expected its branch in aurora/monorepo"):
        world.host.push(1, newer)
    assert world.bare.resolve("refs/heads/topic") == head


def test_an_open_pull_request_moves_with_its_branch(world: World) -> None:
    head = commit_files(world.clone, {"b": b"b"}, world.main)
    world.host.open(Opening(head, "Add b", branch="topic"))
    newer = commit_files(world.clone, {"c": b"c"}, head)
    world.host.pull = replace(world.host.pull, head=head)
    world.host.push(1, newer)
    assert world.bare.resolve("refs/heads/topic") == newer
    assert world.host.shown == {"pull request of topic": "Add b"}
    world.host.push(1, newer, "Add b and c")
    assert world.host.shown["title of 1"] == "Add b and c"
    world.host.pull = replace(world.host.pull, head=newer, state="merged")
    with pytest.raises(InputError, match="expected one that is open"):
        world.host.push(1, head)
