"""Observations at a host that is reached by Git alone: a bare repository without a hook."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.documents.identifiers import digest_of
from turnpike.errors import CannotDecide
from turnpike.evidence.envelope import Envelope
from turnpike.forge.refs import MOST_OBSERVATIONS, observation_ref
from turnpike.forge.remote_git import RemoteGit
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
