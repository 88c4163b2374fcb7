"""What the story does at its Git host, and what is tried there by who is not the bot."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import pytest

from turnpike.cli.story.git_host import GitHost
from turnpike.cli.story.outsiders import Outsider
from turnpike.documents.identifiers import ObjectId
from turnpike.errors import CannotDecide, Defect
from turnpike.forge.hosted import CONTEXT
from turnpike.forge.web import Token
from turnpike.git.repository import Repository
from turnpike.loopback.gitea import Gitea
from unit.registry.bad_server import answers, server

PLACE = "/api/v1/repos/aurora/monorepo"
RULES = f"{PLACE}/branch_protections"
LOCKS = {"main", "turnpike/record"}
HEAD = ObjectId("a" * 40)


@dataclass
class Host:
    """As much of a Gitea as the story asks; ``keeps`` are rules that it does not let go of."""

    rules: set[str] = field(default_factory=lambda: set(LOCKS))
    keeps: frozenset[str] = frozenset()
    merges: str = "405 Method Not Allowed"
    heard: list[tuple[str, str, object]] = field(default_factory=list)

    def talk(self, client: socket.socket, request: bytes) -> None:
        head, _, body = request.partition(b"\r\n\r\n")
        method, target, *_ = head.decode().split(" ")
        said = json.loads(body) if body else {}
        self.heard.append((method, unquote(target), said))
        status, value = self._answer(method, unquote(target), said)
        answers(json.dumps(value), status)(client, request)

    def _answer(self, method: str, path: str, said: dict[str, str]) -> tuple[str, object]:
        if path == RULES and method == "POST":
            self.rules.add(said["rule_name"])
            return "201 Created", {}
        if path == RULES:
            return "200 OK", [{"rule_name": name} for name in sorted(self.rules)]
        if path.startswith(f"{RULES}/"):
            return self._rule(method, path.removeprefix(f"{RULES}/"))
        if path.endswith("/merge"):
            return self.merges, {"message": "Please\nnot you"}
        return "200 OK", {}

    def _rule(self, method: str, name: str) -> tuple[str, object]:
        if name not in self.rules:
            return "404 Not Found", {}
        if method == "DELETE" and name in self.keeps:
            return "403 Forbidden", {}
        if method == "DELETE":
            self.rules.discard(name)
        return "200 OK", {}


@contextmanager
def served(host: Host) -> Iterator[GitHost]:
    with server(host.talk) as address:
        gitea = Gitea(address, "root", "", Path("gitea"), Path("app.ini"))
        yield GitHost(gitea, {}, Token("administrator"))


def test_who_takes_the_locks_off_has_them_off_and_they_come_back() -> None:
    host = Host()
    with served(host) as made:
        with made.unlocked():
            assert host.rules == set()
        assert host.rules == LOCKS


def test_the_locks_come_back_from_a_story_that_fails() -> None:
    host = Host()
    with served(host) as made, suppress(ValueError), made.unlocked():
        raise ValueError
    assert host.rules == LOCKS


def test_a_lock_that_was_taken_off_comes_back_where_the_next_one_does_not_come_off() -> None:
    host = Host(keeps=frozenset({"turnpike/record"}))
    with served(host) as made, suppress(CannotDecide), made.unlocked():
        pytest.fail("expected to be refused")
    assert ("DELETE", f"{RULES}/main", {}) in host.heard
    assert host.rules == LOCKS


def outsider(made: GitHost, folder: Path) -> Outsider:
    clone = Repository.create(folder / "clone.git")
    return Outsider(made, clone, "mallory", Token("of-mallory"))


def test_what_the_host_refuses_is_told_in_its_own_last_line(tmp_path: Path) -> None:
    host = Host()
    with served(host) as made:
        attempts = outsider(made, tmp_path).attempts(7, HEAD)
        told = [next(attempts), next(attempts)]
    assert told[0].startswith("the merge button: ")
    assert told[1].startswith("a forced merge: ")
    assert all("\n" not in one for one in told)
    assert [said for method, path, said in host.heard if path == f"{PLACE}/pulls/7/merge"] == [
        {"Do": "merge", "force_merge": False},
        {"Do": "merge", "force_merge": True},
    ]


def test_a_host_that_lets_an_outsider_merge_ends_the_story(tmp_path: Path) -> None:
    with (
        served(Host(merges="200 OK")) as made,
        pytest.raises(Defect, match="expected the Git host to refuse it"),
    ):
        next(outsider(made, tmp_path).attempts(7, HEAD))


def test_a_host_that_is_out_of_order_has_refused_nothing(tmp_path: Path) -> None:
    with served(Host(merges="500 Internal Server Error")) as made:
        attempts = outsider(made, tmp_path).attempts(7, HEAD)
        with pytest.raises(CannotDecide) as error:
            next(attempts)
    assert error.value.code != "forge.refused"


def test_a_forged_status_is_posted_as_the_gate_posts_its_own(tmp_path: Path) -> None:
    host = Host()
    with served(host) as made:
        outsider(made, tmp_path).forge_a_status(HEAD)
    ((method, path, said),) = host.heard
    assert (method, path) == ("POST", f"{PLACE}/statuses/{HEAD}")
    assert said == {"state": "success", "context": CONTEXT, "description": "forged"}
