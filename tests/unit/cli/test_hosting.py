"""Each host has its own adapter and its own lock, and no adapter shows the token."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.cli.hosting import forge_of, lock_of, pull_refs
from turnpike.forge.gitea_protection import GiteaLock
from turnpike.forge.github_protection import GitHubLock
from turnpike.forge.gitlab_protection import GitLabLock
from turnpike.forge.remote_git import RemoteGit
from turnpike.forge.web import Token
from turnpike.git.repository import Repository
from turnpike.topology.instance import HostAddress

LOCKS = {"gitea": GiteaLock, "github": GitHubLock, "gitlab": GitLabLock}
TOKEN = Token("known-to-the-host-alone")


def address(host: str) -> HostAddress:
    return HostAddress.model_validate(
        {
            "host": host,
            "address": "https://host.example",
            "repository": "aurora/monorepo",
            "bot": "turnpike-bot",
        }
    )


@pytest.mark.parametrize("host", LOCKS)
def test_the_forge_is_that_of_the_host_by_whose_name_people_have_accounts(
    tmp_path: Path, host: str
) -> None:
    git = RemoteGit(Repository.create(tmp_path / "clone"), "https://host.example/x.git")
    forge = forge_of(address(host), TOKEN, git)
    assert forge.name == host
    assert TOKEN.secret not in repr(forge)


@pytest.mark.parametrize(("host", "kind"), LOCKS.items())
def test_the_lock_is_for_the_bot_of_the_instance(host: str, kind: type) -> None:
    lock = lock_of(address(host), TOKEN)
    assert isinstance(lock, kind)
    assert isinstance(lock, GiteaLock | GitHubLock | GitLabLock)
    assert (lock.bot, lock.repository) == ("turnpike-bot", "aurora/monorepo")
    assert TOKEN.secret not in repr(lock)


def test_heads_are_looked_for_where_the_host_keeps_them() -> None:
    places = {host: pull_refs(host) for host in LOCKS}
    assert places["gitea"] == places["github"] != places["gitlab"]
