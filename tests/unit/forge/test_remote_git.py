"""Observations at a host that is reached by Git alone: a bare repository without a hook."""

from __future__ import annotations

import base64
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from contracts.serving import serving
from turnpike.documents.identifiers import digest_of
from turnpike.errors import CannotDecide, Unavailable
from turnpike.evidence.envelope import Envelope
from turnpike.forge.refs import MOST_OBSERVATIONS, observation_ref
from turnpike.forge.remote_git import RemoteGit, authenticated
from turnpike.forge.web import Token
from turnpike.git.repository import Repository
from unit.evidence.observations import SEEN, observation, stated
from unit.judge.examples import RoleKey

OBSERVER = RoleKey("observer")


@pytest.fixture
def host(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "host.git")


def reached(host: Repository, name: str) -> RemoteGit:
    return RemoteGit(Repository.create(host.path.parent / name), str(host.path))


def seen(start: int, end: int, *, healthy: bool = True) -> Envelope:
    return OBSERVER.sign(stated(observation(start, end, healthy=healthy)))


def test_what_one_clone_publishes_another_one_reads(host: Repository) -> None:
    here, there = reached(host, "here"), reached(host, "there")
    envelope = seen(0, 10)
    here.observe([envelope])
    here.observe([envelope])
    assert there.observations([SEEN]) == (envelope,)
    assert there.observations([digest_of(b"another")]) == ()


def test_one_of_more_time_takes_the_place_of_one_that_another_clone_published(
    host: Repository,
) -> None:
    here, there = reached(host, "here"), reached(host, "there")
    here.observe([seen(0, 10)])
    there.observe([seen(0, 20)])
    assert here.observations([SEEN]) == (seen(0, 20),)
    assert len(host.refs.under("refs/turnpike/observations/")) == 1


def test_what_others_put_there_vouches_for_nothing(host: Repository) -> None:
    here = reached(host, "here")
    here.observe([seen(0, 10)])
    junk = host.write_blob(b"no envelope")
    host.update_ref(observation_ref(SEEN.removeprefix("sha256:"), "0" * 64), junk, None)
    assert here.observations([SEEN]) == (seen(0, 10),)


def test_a_host_that_was_flooded_gives_no_answer(host: Repository) -> None:
    junk = host.write_blob(b"no envelope")
    for number in range(MOST_OBSERVATIONS + 1):
        ref = observation_ref(SEEN.removeprefix("sha256:"), f"{number:064x}")
        host.update_ref(ref, junk, None)
    with pytest.raises(CannotDecide, match="expected at most"):
        reached(host, "here").observations([SEEN])


class _Elsewhere(BaseHTTPRequestHandler):
    """Sends whoever asks to another server, or keeps what they brought."""

    to = ""
    brought: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        if self.to:
            self.send_response(302)
            self.send_header("Location", f"{self.to}{self.path}")
        else:
            self.brought.append(self.headers.get("Authorization", ""))
            self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _server(handler: type[BaseHTTPRequestHandler]) -> ThreadingHTTPServer:
    return ThreadingHTTPServer(("127.0.0.1", 0), handler)


def test_a_host_that_sends_git_elsewhere_sends_no_token_along(tmp_path: Path) -> None:
    Repository.create(tmp_path / "clone")
    clone = authenticated(tmp_path / "clone", "turnpike-bot", Token("known-to-the-host-alone"))
    with serving(_server(_Elsewhere)) as elsewhere:
        sending = type("Sending", (_Elsewhere,), {"to": elsewhere})
        with serving(_server(sending)) as host, pytest.raises(Unavailable) as failure:
            RemoteGit(clone, f"{host}/aurora/monorepo.git").refs()
    assert _Elsewhere.brought == []
    pair = base64.b64encode(b"turnpike-bot:known-to-the-host-alone").decode()
    for text in (str(failure.value), repr(clone.refs.git)):
        assert "known-to-the-host-alone" not in text
        assert pair not in text
