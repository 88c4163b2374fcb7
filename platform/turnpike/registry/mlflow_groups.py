"""Groups at an MLflow server: who is in them, and what they may do, by its plugin for sign-in.

Source: mlflow-oidc-auth 10, ``/api/2.0/mlflow/permissions/groups`` and ``/users``. Only an
administrator of the server may ask.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar, get_args
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from turnpike.bounded_http import Bound, Refused
from turnpike.errors import Unavailable
from turnpike.registry.mlflow_version import unavailable
from turnpike.registry.rest import RestServer
from turnpike.rendering.mlflow_patterns import Pattern, Resource

T = TypeVar("T")

_ANSWER = Bound(seconds=15.0, size=4 * 1024 * 1024, silence=10.0)
_PLUGIN = "Groups are known to a server that runs with mlflow-oidc-auth: docs/access.md, MLflow."
_GROUPS = "/api/2.0/mlflow/permissions/groups"


class _Member(BaseModel):
    """Somebody in a group as the server tells it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    username: str


class _Given(BaseModel):
    """A pattern as the server tells it."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    id: int
    regex: str
    priority: int
    permission: str


_NAMES: TypeAdapter[list[str]] = TypeAdapter(list[str])
_MEMBERS: TypeAdapter[list[_Member]] = TypeAdapter(list[_Member])
_PATTERNS: TypeAdapter[list[_Given]] = TypeAdapter(list[_Given])


@dataclass(frozen=True, slots=True)
class PlacedPattern:
    """A pattern and the number by which the server knows it."""

    pattern: Pattern
    number: int


class MlflowGroups:
    """The groups of one server, as their members last signed in."""

    def __init__(self, server: RestServer) -> None:
        """Speak to a server as whom its token says."""
        self._server = server

    def groups(self) -> frozenset[str]:
        """Return the groups that the server knows; raises Unavailable."""
        named: list[str] = self._read(_GROUPS, _NAMES)
        return frozenset(named)

    def members(self) -> Mapping[str, frozenset[str]]:
        """Return the accounts that are in each group; raises Unavailable."""
        found: dict[str, frozenset[str]] = {}
        for group in self.groups():
            listed: list[_Member] = self._read(f"{_group(group)}/users", _MEMBERS)
            found[group] = frozenset(one.username for one in listed)
        return found

    def forget(self, account: str) -> None:
        """Know an account no longer, until it signs in anew; raises Unavailable."""
        self._server.send("DELETE", "/api/2.0/mlflow/users", {"username": account}, _ANSWER)

    def given(self) -> tuple[PlacedPattern, ...]:
        """Return all patterns that there are; raises Unavailable."""
        return tuple(one for group in sorted(self.groups()) for one in self._of(group))

    def give(self, pattern: Pattern) -> None:
        """Add a pattern, and its group where nobody of it ever came; raises Unavailable."""
        self._server.send("POST", _GROUPS, {"group_name": pattern.group}, _ANSWER)
        wanted: dict[str, JsonValue] = {
            "regex": pattern.regex,
            "priority": pattern.priority,
            "permission": pattern.permission,
        }
        place = _place(pattern.group, pattern.resource)
        self._server.send("POST", place, wanted, _ANSWER)

    def take(self, one: PlacedPattern) -> None:
        """Take a pattern away; raises Unavailable."""
        place = _place(one.pattern.group, one.pattern.resource)
        self._server.send("DELETE", f"{place}/{one.number}", None, _ANSWER)

    def _of(self, group: str) -> Iterator[PlacedPattern]:
        resources: tuple[Resource, ...] = get_args(Resource)
        for resource in resources:
            for one in self._read(_place(group, resource), _PATTERNS):
                pattern = Pattern(group, resource, one.regex, one.priority, one.permission)
                yield PlacedPattern(pattern, one.id)

    def _read(self, path: str, form: TypeAdapter[T]) -> T:
        try:
            return form.validate_json(self._server.get(path, _ANSWER))
        except ValidationError as error:
            raise self._without_plugin("no list of groups or patterns") from error
        except Unavailable as error:
            if isinstance(error.__cause__, Refused) and error.__cause__.status == 404:
                raise self._without_plugin(str(error.__cause__)) from error
            raise

    def _without_plugin(self, found: str) -> Unavailable:
        return unavailable(self._server.address, found, _PLUGIN)


def _place(group: str, resource: Resource) -> str:
    return f"{_group(group)}/{resource}-patterns"


def _group(name: str) -> str:
    return f"{_GROUPS}/{quote(name, safe='')}"
