"""What an observer says reaches the host, sooner or later, and once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from turnpike.errors import CannotDecide
from turnpike.evidence.observed import observed_in
from turnpike.evidence.predicates import Observation
from turnpike.forge.gitea import GiteaForge
from turnpike.forge.remote_git import RemoteGit
from turnpike.forge.web import WebApi
from turnpike.git.repository import Repository
from turnpike.observing.publisher import Publisher
from unit.evidence.observations import SEEN, observation, stated
from unit.judge.examples import RoleKey

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


def published(forge: GiteaForge) -> list[Observation]:
    found = map(observed_in, forge.observations([SEEN]))
    return sorted((one.observation for one in found if one), key=lambda one: one.started_at)


def test_a_stretch_that_goes_on_is_one_statement(host: Path) -> None:
    at = forge(host)
    publisher = Publisher(RoleKey("observer"), at)
    for end in (10, 20):
        assert publisher.publish([stated(observation(0, end))]) == ""
    assert published(at) == [observation(0, 20)]


def test_nothing_to_say_is_nothing_published(host: Path) -> None:
    with unreachable(host):
        assert Publisher(RoleKey("observer"), forge(host)).publish([]) == ""


def test_what_the_host_could_not_take_goes_with_the_next(host: Path) -> None:
    at = forge(host)
    bad, good = observation(0, 5, healthy=False), observation(6, 10)
    longer = good.model_copy(update={"finished_at": good.finished_at + timedelta(minutes=5)})
    publisher = Publisher(RoleKey("observer"), at)
    with unreachable(host):
        assert "host.git" in publisher.publish([stated(bad)])
        assert "host.git" in publisher.publish([stated(good)])
    assert publisher.publish([stated(longer)]) == ""
    assert published(at) == [bad, longer]


def test_what_the_host_refuses_is_told(host: Path) -> None:
    hook = host / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'turnpike: observation.unverified' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(CannotDecide, match=r"observation\.unverified"):
        Publisher(RoleKey("observer"), forge(host)).publish([stated(observation())])
