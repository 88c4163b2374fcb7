"""A company's monorepo on a Gitea of its own: everybody's account, and who may write."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pydantic import JsonValue

from turnpike.cli.story.cast import BOT
from turnpike.forge.gitea_protection import protect
from turnpike.forge.web import Token, WebApi
from turnpike.loopback.gitea import Gitea, add_account, token_of

OWNER, NAME = "aurora", "monorepo"
READER = "argo-cd"
_SCOPES = "write:repository,write:issue,read:user,write:organization"


@dataclass(frozen=True, slots=True)
class GitHost:
    """An empty repository, with a token for each account that may use it."""

    gitea: Gitea
    tokens: Mapping[str, Token]
    administrator: Token

    @property
    def repository(self) -> str:
        """Return ``OWNER/NAME``."""
        return f"{OWNER}/{NAME}"

    @property
    def url(self) -> str:
        """Return the address that is cloned from."""
        return f"{self.gitea.url}/{self.repository}.git"

    def tell(self, url: str) -> None:
        """Let an address hear of every push."""
        settings: JsonValue = {"url": url, "content_type": "json"}
        hook: dict[str, JsonValue] = {
            "type": "gitea", "active": True, "events": ["push"], "config": settings,
        }  # fmt: skip
        self._api().send("POST", f"/api/v1/repos/{self.repository}/hooks", hook)

    @contextmanager
    def unlocked(self) -> Iterator[None]:
        """Take the locks off, as the host's administrator can; they come back in any case."""
        path = f"/api/v1/repos/{self.repository}/branch_protections"
        rules = _listed(self._api().get(path))
        try:
            for rule in rules:
                name = quote(rule["rule_name"], safe="")
                self._api().send("DELETE", f"{path}/{name}", {})
            yield
        finally:
            protect(self._api(), self.repository, BOT)

    def shown(self, number: int) -> str:
        """Return a pull request's state, status and comments, as anybody sees them there."""
        api, path = self._api(), f"/api/v1/repos/{self.repository}"
        pull: Any = api.get(f"{path}/pulls/{number}")
        word: Any = api.get(f"{path}/commits/{pull['head']['sha']}/status")
        authors = [one["user"]["login"] for one in
                   _listed(api.get(f"{path}/issues/{number}/comments"))]  # fmt: skip
        state = "merged" if pull["merged"] else pull["state"]
        return f"Gitea shows: {state}, status {word['state']}, comments by {authors}"

    def _api(self) -> WebApi:
        return api_of(self.gitea, self.administrator)


def api_of(gitea: Gitea, token: Token) -> WebApi:
    """Return the host's API as the account of a token."""
    return WebApi(gitea.url, {"Authorization": f"token {token.secret}"})


def make_git_host(gitea: Gitea, people: Iterable[str]) -> GitHost:
    """Make an empty, private repository and accounts that may write to it; Argo CD's may read."""
    administrator = Token(token_of(gitea, gitea.administrator, "all"))
    tokens = {name: _account(gitea, name) for name in (*people, READER)}
    api = api_of(gitea, administrator)
    api.send("POST", "/api/v1/orgs", {"username": OWNER, "visibility": "private"})
    wanted: dict[str, JsonValue] = {"name": NAME, "private": True, "default_branch": "main"}
    api.send("POST", f"/api/v1/orgs/{OWNER}/repos", wanted)
    for name in tokens:
        path = f"/api/v1/repos/{OWNER}/{NAME}/collaborators/{name}"
        api.send("PUT", path, {"permission": "read" if name == READER else "write"})
    # The bot merges by a push; Gitea then sees by itself that the pull request is merged.
    manual: dict[str, JsonValue] = {"allow_manual_merge": True, "autodetect_manual_merge": True}
    api.send("PATCH", f"/api/v1/repos/{OWNER}/{NAME}", manual)
    return GitHost(gitea, tokens, administrator)


def _listed(value: JsonValue) -> list[Any]:
    return value if isinstance(value, list) else []


def _account(gitea: Gitea, name: str) -> Token:
    add_account(gitea, name, secrets.token_urlsafe(16))
    return Token(token_of(gitea, name, _SCOPES))
