"""As much of a Gitea as its lock speaks to: branch protections, and which of them is in force."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

from pydantic import JsonValue

from turnpike.forge.web import WebApi
from unit.registry.bad_server import answers, server

REPOSITORY = "aurora/monorepo"
_PLACE = f"/api/v1/repos/{REPOSITORY}"
_RULES = f"{_PLACE}/branch_protections"
_NEW: dict[str, JsonValue] = {
    "enable_push": False, "enable_push_whitelist": False, "push_whitelist_usernames": None,
    "push_whitelist_teams": None, "push_whitelist_deploy_keys": False, "enable_force_push": False,
    "enable_merge_whitelist": False, "merge_whitelist_usernames": None,
    "merge_whitelist_teams": None, "dismiss_stale_approvals": False,
    "block_admin_merge_override": False, "created_at": "2026-01-01T00:00:00Z",
}  # fmt: skip
"""A new rule, in the form in which Gitea 1.26 answers; an empty list is null there."""


@dataclass
class Gitea:
    """Rules by name; ``outranking`` is the rule that wins over those of a branch's own name."""

    branches: tuple[str, ...] = ("main", "turnpike/record")
    rules: dict[str, dict[str, JsonValue]] = field(default_factory=dict)
    outranking: str | None = None
    is_empty: bool = False
    refuses: str = ""

    def talk(self, client: socket.socket, request: bytes) -> None:
        """Answer one request."""
        head, _, body = request.partition(b"\r\n\r\n")
        method, target, *_ = head.decode().split(" ")
        said = json.loads(body) if body else {}
        status, value = self._answer(method, unquote(target.partition("?")[0]), said)
        answers(json.dumps(value), status)(client, request)

    def _answer(self, method: str, path: str, said: dict[str, JsonValue]) -> tuple[str, JsonValue]:
        if self.refuses:
            return self.refuses, {"message": "no"}
        if path == _PLACE:
            return "200 OK", {"empty": self.is_empty}
        if path == _RULES:
            return self._put(str(said.pop("rule_name")), said, "201 Created")
        if path.startswith(f"{_RULES}/"):
            return self._rule(method, path.removeprefix(f"{_RULES}/"), said)
        return self._branch(path.removeprefix(f"{_PLACE}/branches/"))

    def _rule(self, method: str, name: str, said: dict[str, JsonValue]) -> tuple[str, JsonValue]:
        if name not in self.rules:
            return "404 Not Found", {"message": "no such rule"}
        if method == "PATCH":
            return self._put(name, said, "200 OK")
        return "200 OK", {**self.rules[name]}

    def _branch(self, name: str) -> tuple[str, JsonValue]:
        if name not in self.branches:
            return "404 Not Found", {"message": "no such branch"}
        in_force = self.outranking if self.outranking is not None else name
        return "200 OK", {"effective_branch_protection_name": in_force}

    def _put(self, name: str, said: dict[str, JsonValue], status: str) -> tuple[str, JsonValue]:
        known = {key: value for key, value in said.items() if key in _NEW}
        plain = {key: None if value == [] else value for key, value in known.items()}
        self.rules[name] = {**_NEW, **self.rules.get(name, {}), **plain, "rule_name": name}
        return status, {**self.rules[name]}


@contextmanager
def gitea(host: Gitea) -> Iterator[WebApi]:
    """Yield the API of such a host."""
    with server(host.talk) as address:
        yield WebApi(address, {}, wait_seconds=0.01)
