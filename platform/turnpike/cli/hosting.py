"""Choose the adapter of a Git host; each is imported only where it is the one.

The clients of GitHub and GitLab take a second to import.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnpike.forge.refs import GITLAB_PULLS, PULLS

if TYPE_CHECKING:
    from turnpike.forge.interface import Forge, Lock
    from turnpike.forge.remote_git import RemoteGit
    from turnpike.forge.web import Token, WebApi
    from turnpike.topology.instance import HostAddress


def pull_refs(host: str) -> str:
    """Return where a host keeps the heads of pull requests."""
    return GITLAB_PULLS if host == "gitlab" else PULLS


def forge_of(at: HostAddress, token: Token, git: RemoteGit) -> Forge:
    """Return the host as the account of the token sees it."""
    if at.host == "github":
        from turnpike.forge.github import GitHubForge
        from turnpike.forge.github_api import github_api

        return GitHubForge(github_api(at.address, token), at.repository, git)
    if at.host == "gitlab":
        from turnpike.forge.gitlab import GitLabForge
        from turnpike.forge.gitlab_api import gitlab_api

        return GitLabForge(gitlab_api(at.address, token), at.repository, git)
    from turnpike.forge.gitea import GiteaForge

    return GiteaForge(_gitea(at, token), at.repository, git)


def lock_of(at: HostAddress, token: Token) -> Lock:
    """Return the lock on main and the record, as the account of the token may see and set it."""
    if at.host == "github":
        from turnpike.forge.github_api import github_api
        from turnpike.forge.github_protection import GitHubLock

        return GitHubLock(github_api(at.address, token), at.repository, at.bot)
    if at.host == "gitlab":
        from turnpike.forge.gitlab_api import gitlab_api
        from turnpike.forge.gitlab_protection import GitLabLock

        return GitLabLock(gitlab_api(at.address, token), at.repository, at.bot)
    from turnpike.forge.gitea_protection import GiteaLock

    return GiteaLock(_gitea(at, token), at.repository, at.bot)


def _gitea(at: HostAddress, token: Token) -> WebApi:
    from turnpike.forge.web import WebApi

    return WebApi(at.address, {"Authorization": f"token {token.secret}"})
