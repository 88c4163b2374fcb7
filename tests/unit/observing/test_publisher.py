"""What an observer says reaches the host, sooner or later, and once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.errors import CannotDecide
from turnpike.evidence.observed import observed_in
from turnpike.forge.gitea import GiteaForge
from turnpike.forge.remote_git import RemoteGit
from turnpike.forge.web import WebApi
from turnpike.git.repository import Repository
from turnpike.observing.fold import MOST_IN_A_PLACE
from turnpike.observing.interval import Interval, joined
from turnpike.observing.observer import Told
from turnpike.observing.publisher import Publisher
from unit.evidence.observations import SEEN, START
from unit.judge.examples import RoleKey
from unit.observing.looking import watched

NOBODY = WebApi("http://127.0.0.1:1", {})


@pytest.fixture
def host(tmp_path: Path) -> Path:
    with Repository.create(tmp_path / "host.git") as made:
        return made.path


def forge(host: Path) -> GiteaForge:
    """Return a host that is reached by Git alone, which is all that observations need."""
    clone = Repository.create(host.with_name("clone.git"))
    return GiteaForge(NOBODY, "aurora/monorepo", RemoteGit(clone, str(host)))


@contextmanager
def unreachable(host: Path) -> Iterator[None]:
    away = host.rename(host.with_name("away.git"))
    try:
        yield
    finally:
        away.rename(host)


def told(start: int, end: int, *, fault: str = "") -> Told:
    """Return what was seen between two minutes after the start."""
    minute = timedelta(minutes=1)
    seen = Interval(
        START + start * minute, START + end * minute, 10, 5 if fault else 0, 12.5, fault
    )
    return Told(watched(SEEN), seen, seen)


def spans(forge: GiteaForge) -> list[tuple[int, int, bool]]:
    """Return what is published: from which minute, to which, and whether it is healthy."""
    found = [one.observation for e in forge.observations([SEEN]) if (one := observed_in(e))]
    minute = timedelta(minutes=1)
    told = ((o.started_at - START, o.finished_at - START, o.healthy) for o in found)
    return sorted((start // minute, end // minute, good) for start, end, good in told)


def test_a_stretch_that_goes_on_is_one_statement(host: Path) -> None:
    at = forge(host)
    publisher = Publisher(RoleKey("observer"), at)
    for end in (10, 20):
        assert publisher.publish([told(0, end)]) == ""
    assert spans(at) == [(0, 20, True)]


def test_nothing_to_say_is_nothing_published(host: Path) -> None:
    with unreachable(host):
        assert Publisher(RoleKey("observer"), forge(host)).publish([]) == ""


def test_of_time_in_which_nobody_could_look_nothing_is_said(host: Path) -> None:
    at = forge(host)
    seen = told(0, 10)
    unread = replace(seen.interval, requests=0, unread="away")
    Publisher(RoleKey("observer"), at).publish([Told(seen.watched, unread, unread)])
    assert spans(at) == []


def test_a_stretch_with_failures_that_become_rarer_is_one_statement(host: Path) -> None:
    at = forge(host)
    publisher = Publisher(RoleKey("observer"), at)
    first, second = told(0, 10), told(10, 20)
    failing = replace(first.interval, errors=5)
    both = joined(failing, replace(second.interval, requests=1000))
    assert both is not None
    publisher.publish([Told(first.watched, failing, failing)])
    publisher.publish([Told(first.watched, second.interval, both)])
    assert spans(at) == [(0, 20, True)]


def test_what_the_host_could_not_take_goes_with_the_next(host: Path) -> None:
    at = forge(host)
    publisher = Publisher(RoleKey("observer"), at)
    with unreachable(host):
        assert "host.git" in publisher.publish([told(0, 5, fault="down")])
        assert "host.git" in publisher.publish([told(6, 10)])
    assert publisher.publish([told(6, 15)]) == ""
    assert spans(at) == [(0, 5, False), (6, 15, True)]


def test_what_goes_up_and_down_for_long_does_not_fill_the_host(host: Path) -> None:
    at = forge(host)
    publisher = Publisher(RoleKey("observer"), at)
    for number in range(MOST_IN_A_PLACE + 3):
        fault = "down" if number % 2 else ""
        assert publisher.publish([told(2 * number, 2 * number + 1, fault=fault)]) == ""
    found = spans(at)
    assert len(found) <= MOST_IN_A_PLACE
    assert found[0] == (0, 19, False)
    assert found[-1] == (44, 45, True)


def test_what_the_host_refuses_is_told(host: Path) -> None:
    hook = host / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'turnpike: observation.unverified' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(CannotDecide, match=r"observation\.unverified"):
        Publisher(RoleKey("observer"), forge(host)).publish([told(0, 10)])
