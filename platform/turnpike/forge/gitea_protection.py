"""The lock on a Gitea's main and record: nobody but the bot pushes or merges, administrators too.

Whoever may write code may post any commit status in Gitea, and a required status is thus no lock;
the allow-lists of the branch protection are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue, TypeAdapter

from turnpike.forge.answers import NotThere
from turnpike.forge.hosted import Looks
from turnpike.forge.interface import PROTECTED, Problem
from turnpike.forge.web import Seen, WebApi, parsed


class Protection(Seen):
    """The settings of a branch protection that the lock is made of."""

    enable_push: bool
    enable_push_whitelist: bool
    push_whitelist_usernames: tuple[str, ...] | None = None
    push_whitelist_teams: tuple[str, ...] | None = None
    push_whitelist_deploy_keys: bool
    enable_force_push: bool
    enable_merge_whitelist: bool
    merge_whitelist_usernames: tuple[str, ...] | None = None
    merge_whitelist_teams: tuple[str, ...] | None = None
    block_admin_merge_override: bool


class InForce(Seen):
    """Which rule holds for a branch; empty where none does, or the token may not be told."""

    effective_branch_protection_name: str = ""


class RepositorySeen(Seen):
    """Whether Gitea takes a repository for empty, as it does for a moment after the first push."""

    empty: bool


PROTECTION: TypeAdapter[Protection] = TypeAdapter(Protection)
REPOSITORY: TypeAdapter[RepositorySeen] = TypeAdapter(RepositorySeen)
IN_FORCE: TypeAdapter[InForce] = TypeAdapter(InForce)
_SOON = Looks(times=9)


def protect(api: WebApi, repository: str, bot: str) -> None:
    """Lock the protected branches for everybody but the bot; raises CannotDecide where refused.

    Needs a token of an administrator of the repository; doing it again changes nothing.
    """
    for branch in PROTECTED:
        path = _path(repository)
        wanted = dict(_settings(bot))
        try:
            api.send("PATCH", f"{path}/{_escaped(branch)}", wanted)
        except NotThere:
            api.send("POST", path, {**wanted, "rule_name": branch})


def problems_of(api: WebApi, repository: str, bot: str) -> tuple[Problem, ...]:
    """Return every setting by which somebody else than the bot could move a protected branch."""
    return tuple(
        problem for branch in PROTECTED for problem in _problems(api, repository, branch, bot)
    )


def _problems(api: WebApi, repository: str, branch: str, bot: str) -> list[Problem]:
    try:
        found = api.get(f"{_path(repository)}/{_escaped(branch)}")
    except NotThere:
        return [Problem(branch, "protection", f"only {bot} pushes and merges", "none at all")]
    seen = parsed(PROTECTION, found, f"branch_protections/{branch}").model_dump()
    return _outranked(api, repository, branch) + [
        Problem(branch, name, _shown(expected), _shown(seen.get(name)))
        for name, expected in _settings(bot).items()
        if name in seen and _plain(seen[name]) != _plain(expected)
    ]


def _outranked(api: WebApi, repository: str, branch: str) -> list[Problem]:
    """Of several rules that match Gitea goes by one alone, such as an older one of a pattern."""
    path = f"/api/v1/repos/{repository}"
    # Asked for a branch of what it takes for empty, Gitea 1.26 fails with a panic.
    if not _SOON.until(lambda: not parsed(REPOSITORY, api.get(path), "repository").empty):
        return []
    try:
        found = parsed(IN_FORCE, api.get(f"{path}/branches/{_escaped(branch)}"), branch)
    except NotThere:  # nothing can be pushed over what is not there yet, but by the rule
        return []
    name = found.effective_branch_protection_name
    if name == branch:
        return []
    return [Problem(branch, "rule in force", branch, name or "not told")]


def _settings(bot: str) -> Mapping[str, JsonValue]:
    return {
        "enable_push": True,
        "enable_push_whitelist": True,
        "push_whitelist_usernames": [bot],
        "push_whitelist_teams": [],
        "push_whitelist_deploy_keys": False,
        "enable_force_push": False,
        "enable_merge_whitelist": True,
        "merge_whitelist_usernames": [bot],
        "merge_whitelist_teams": [],
        "dismiss_stale_approvals": True,
        "block_admin_merge_override": True,
    }


def _plain(value: object) -> object:
    """Return a setting so that an absent list equals an empty one, and order does not matter."""
    listed = () if value is None else value
    return sorted(listed) if isinstance(listed, list | tuple) else listed


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _escaped(branch: str) -> str:
    return branch.replace("/", "%2F")


def _path(repository: str) -> str:
    return f"/api/v1/repos/{repository}/branch_protections"


@dataclass(frozen=True, slots=True)
class GiteaLock:
    """The branch protections of one repository, as a token of its administrator sees them."""

    api: WebApi
    repository: str
    bot: str

    def protect(self) -> None:
        """Lock the protected branches; raises CannotDecide where refused."""
        protect(self.api, self.repository, self.bot)

    def problems(self) -> tuple[Problem, ...]:
        """Return every setting by which somebody else could move one of them."""
        return problems_of(self.api, self.repository, self.bot)
