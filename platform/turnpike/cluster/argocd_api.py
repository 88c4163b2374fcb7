"""Argo CD's own API, by its client: what it made of an application, and that it shall look again.

Source: Argo CD's ``/swagger-ui``, tried on 3.6. The client is of 2021, so that its models are left
aside: answers are read by those below, and whatever else Argo CD says is not looked at.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, Json, JsonValue, TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from turnpike.bounded_http import is_private
from turnpike.errors import CannotDecide, InputError, Unavailable
from turnpike.explain.escape import without_account
from turnpike.topology.server_address import is_server_address

if TYPE_CHECKING:
    from argocd_python_client.api.application_service_api import ApplicationServiceApi
    from argocd_python_client.exceptions import ApiException

URL_OPTION = "--argocd-url"
TOKEN_VARIABLE = "TURNPIKE_ARGOCD_TOKEN"  # noqa: S105 - the name of a variable
_SECONDS = 30.0
_LIMIT = 16 * 1024 * 1024
_ONE_WORD = re.compile("[!-~]+")
_UNDER_WAY = "another operation is already in progress"
_HELD = "blocked by sync window"
_ENDING_SECONDS = 30.0
"""How long it may take to end a sync; it takes about one."""

T = TypeVar("T")


class _Seen(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, validate_by_name=True
    )


class Health(_Seen):
    """How Argo CD thinks that a resource is, and why."""

    status: str = ""
    message: str = ""


class Parent(_Seen):
    """What made a resource."""

    uid: str = ""


class Resource(_Seen):
    """An object of an application, from Git or made for one that is; ``uid`` is the cluster's."""

    kind: str
    name: str
    group: str = ""
    namespace: str = ""
    uid: str = ""
    parent_refs: tuple[Parent, ...] | None = None
    health: Health | None = None


class Managed(_Seen):
    """An object that Git has or had: in Git, as it is, and as it would be after a sync.

    Each is None where there is none; what Argo CD was told to leave aside is in none of them.
    """

    kind: str
    name: str
    group: str = ""
    namespace: str = ""
    target_state: Json[JsonValue] = None
    normalized_live_state: Json[JsonValue] = None
    predicted_live_state: Json[JsonValue] = None


class _Tree(_Seen):
    nodes: tuple[Resource, ...] | None = None


class _ManagedResources(_Seen):
    items: tuple[Managed, ...] | None = None


class _Compared(_Seen):
    class Status(_Seen):
        class Sync(_Seen):
            revision: str = ""

        class Operation(_Seen):
            phase: str = ""
            message: str = ""

        sync: Sync = Field(default_factory=Sync)
        operation_state: Operation | None = None

    status: Status = Field(default_factory=Status)


_TREE: TypeAdapter[_Tree] = TypeAdapter(_Tree)
_MANAGED: TypeAdapter[_ManagedResources] = TypeAdapter(_ManagedResources)
_COMPARED: TypeAdapter[_Compared] = TypeAdapter(_Compared)


@dataclass(frozen=True)
class ArgoCdApi:
    """The server at an address, as the account of the token sees it.

    Everything raises Unavailable where it does not answer, and CannotDecide where it refuses.
    """

    address: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raise InputError for what is no server's address, or where the token could be read."""
        if not is_server_address(self.address) or not is_private(self.address):
            raise InputError(
                f"{URL_OPTION}: expected https://HOST[:PORT], got {without_account(self.address)}",
                code="argocd.address",
                solution="Give the address at which people open Argo CD.",
            )
        if not _ONE_WORD.fullmatch(self.token):
            raise InputError(
                f"{TOKEN_VARIABLE}: expected one word of visible ASCII letters, got others",
                code="argocd.token",
                solution="Copy it again from Argo CD, without blanks, and as the only line.",
            )

    def look_again(self, application: str) -> str:
        """Let it compare an application with Git now; return the commit that it compared with."""
        call = self._applications.application_service_get
        return self._answer(_COMPARED, call, application, refresh="normal").status.sync.revision

    def sync(self, application: str) -> bool:
        """Let it apply what Git has; false where it is at that already. It removes nothing.

        A sync that it began by itself and that waits for a sync window waits for ever at the commit
        of then, and lets no other begin: it is ended first.
        """
        if self._began(application):
            return True
        if not self._is_held(application):
            return False
        self._content(self._applications.application_service_terminate_operation, application)
        until = time.monotonic() + _ENDING_SECONDS
        while not (began := self._began(application)) and time.monotonic() < until:
            time.sleep(0.5)
        return began

    def _began(self, application: str) -> bool:
        from argocd_python_client.model.application_application_sync_request import (
            ApplicationApplicationSyncRequest,
        )

        call = self._applications.application_service_sync
        try:
            self._answer(
                _COMPARED, call, application, ApplicationApplicationSyncRequest(prune=False)
            )
        except CannotDecide as error:
            if _UNDER_WAY in error.message:
                return False
            raise
        return True

    def _is_held(self, application: str) -> bool:
        call = self._applications.application_service_get
        operation = self._answer(_COMPARED, call, application).status.operation_state
        return operation is not None and operation.phase == "Running" and _HELD in operation.message

    def tree(self, application: str) -> tuple[Resource, ...]:
        """Return all objects of an application, those that its own objects made included."""
        call = self._applications.application_service_resource_tree
        return self._answer(_TREE, call, application).nodes or ()

    def managed(self, application: str) -> tuple[Managed, ...]:
        """Return the objects that Git has or had, each with what it differs by."""
        call = self._applications.application_service_managed_resources
        return self._answer(_MANAGED, call, application).items or ()

    @cached_property
    def _applications(self) -> ApplicationServiceApi:
        from argocd_python_client import ApiClient, Configuration
        from argocd_python_client.api.application_service_api import ApplicationServiceApi

        settings = Configuration(host=self.address.rstrip("/"))
        settings.retries = False  # nor does it follow anybody elsewhere, with the token
        bearer = f"Bearer {self.token}"
        client = ApiClient(settings, "Authorization", bearer)
        # Argo CD takes no DELETE without it (415), against forms of other sites.
        client.set_default_header("Content-Type", "application/json")
        return ApplicationServiceApi(client)

    def _answer(
        self,
        kind: TypeAdapter[T],
        call: Callable[..., Any],
        application: str,
        *body: object,
        **query: str,
    ) -> T:
        content = self._content(call, application, body, query)
        try:
            return kind.validate_json(content)
        except ValidationError as error:
            raise self._unavailable(f"{len(content)} bytes that are none") from error

    def _content(
        self,
        call: Callable[..., Any],
        application: str,
        body: tuple[object, ...] = (),
        query: Mapping[str, str] = MappingProxyType({}),
    ) -> bytes:
        from argocd_python_client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        try:
            answer = call(
                application, *body, **query,
                _preload_content=False, _request_timeout=_SECONDS,
            )  # fmt: skip
            content: bytes = answer.read(_LIMIT + 1)
        except ApiException as error:
            # From nothing, here and below: what the client raises holds the request and its token.
            raise self._failure(application, error) from None
        except (HTTPError, OSError) as error:
            raise self._unavailable(type(error).__name__) from None
        if len(content) > _LIMIT:
            raise self._unavailable(f"more than {_LIMIT} bytes")
        return content

    def _failure(self, application: str, error: ApiException) -> CannotDecide:
        """Return what the client met; without a status it is of the handshake."""
        if not error.status:
            found = " ".join(str(error.reason).split())
            return self._unavailable(f"no connection that can be trusted: {found}")
        if not 400 <= error.status < 500:
            return self._unavailable(f"HTTP {error.status}")
        try:
            said = str(json.loads(error.body)["message"])
        except (ValueError, KeyError, TypeError):
            said = "no reason"
        found = f"HTTP {error.status}: {' '.join(said.split())[:300]}"
        return CannotDecide(
            f"Argo CD {self.address}: expected to be let at {application}, got {found}",
            code="argocd.refused",
            solution=f"Give the token of an account that may in {TOKEN_VARIABLE}; who may is in"
            " platform/argocd/access.",
        )

    def _unavailable(self, found: str) -> Unavailable:
        return Unavailable(
            f"Argo CD {self.address}: expected an answer, got {found}",
            code="argocd.unavailable",
            solution=f"See that its server runs, and that {URL_OPTION} names it.",
        )
