"""A registry's server: asked with a bearer token, and what its refusals mean."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.request import Request

from pydantic import JsonValue

from turnpike.bounded_http import Bound, NoAnswer, Refused, blocks
from turnpike.errors import InputError
from turnpike.explain.escape import without_account
from turnpike.registry.mlflow_version import unavailable
from turnpike.topology.server_address import SHAPE, is_server_address

_WHO_MAY = (
    "Give the token of somebody whom the server lets do this in TURNPIKE_MLFLOW_TOKEN, or in the"
    " file that TURNPIKE_MLFLOW_TOKEN_FILE names; such a token may be over."
)


class Missing(Exception):
    """The server itself answered that it does not have what was asked for."""


@dataclass(frozen=True, slots=True)
class RestServer:
    """A server behind an ``http(s)://`` address; ``token`` is sent as a bearer token."""

    address: str
    token: str = ""

    def __post_init__(self) -> None:
        """Refuse an address that is none of a server, or that carries a password."""
        if not is_server_address(self.address):
            raise InputError(
                f"registry address: expected {SHAPE}, found {without_account(self.address)}",
                code="registry.address",
                solution="Name the server, and give a token instead of a password.",
            )

    def get(self, path: str, bound: Bound) -> bytes:
        """Return the body behind a path; raises Missing, or Unavailable for any other failure."""
        return b"".join(self.blocks(path, bound))

    def send(self, method: str, path: str, value: JsonValue, bound: Bound) -> bytes:
        """Change something, and return what is said of it; raises as ``get`` does."""
        request = self._request(path)
        request.method = method
        if value is not None:
            request.data = json.dumps(value).encode()
            request.add_header("Content-Type", "application/json")
        return b"".join(self._blocks(request, path, bound))

    def blocks(self, path: str, bound: Bound) -> Iterator[bytes]:
        """Yield a body block by block; raises Missing, or Unavailable for any other failure."""
        yield from self._blocks(self._request(path), path, bound)

    def _blocks(self, request: Request, path: str, bound: Bound) -> Iterator[bytes]:
        try:
            yield from blocks(request, bound)
        except Refused as error:
            # MLflow's own "there is none" differs from any other 404, such as a proxy's page.
            if error.status == 404 and b'"RESOURCE_DOES_NOT_EXIST"' in error.body:
                raise Missing(path) from error
            if error.status in {401, 403}:
                raise unavailable(self.address, str(error), _WHO_MAY) from error
            raise unavailable(self.address, str(error)) from error
        except NoAnswer as error:
            raise unavailable(self.address, str(error)) from error

    def _request(self, path: str) -> Request:
        headers = {"Accept": "application/json"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        address = self.address.rstrip("/") + path
        return Request(address, headers=headers)  # noqa: S310  only http(s) is let in above
