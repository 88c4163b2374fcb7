"""A model server over HTTP: the Open Inference Protocol v2 and its repository extension.

Source: kserve/open-inference-protocol, specification/protocol/inference_rest.md, and MLServer's
``/v2/repository`` calls. Answers are parsed strictly in what is relied on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote
from urllib.request import Request

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from turnpike.bounded_http import Bound, NoAnswer, Refused, body_of
from turnpike.errors import Unavailable

Scalar = float | int | bool | str
_LIMIT = 64 * 1024 * 1024


class _Part(BaseModel):
    """A piece of an answer: what we rely on is strict, what a server adds is ignored."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class TensorDescription(_Part):
    """A named input of a model, and the protocol's type of its values (``FP64``, ``BYTES``)."""

    name: str
    datatype: str


class ModelDescription(_Part):
    """What a server says of one model."""

    name: str
    inputs: tuple[TensorDescription, ...] = ()


class Tensor(_Part):
    """One output: its values row by row."""

    name: str
    shape: tuple[int, ...]
    datatype: str
    data: tuple[Scalar, ...]


class InferenceAnswer(_Part):
    """What a model answered, and which version of it did."""

    model_name: str
    model_version: str = ""
    outputs: tuple[Tensor, ...]


class LoadedModel(_Part):
    """One line of the server's index."""

    name: str
    version: str = ""
    state: str


_INDEX: TypeAdapter[tuple[LoadedModel, ...]] = TypeAdapter(tuple[LoadedModel, ...])
_DESCRIPTION: TypeAdapter[ModelDescription] = TypeAdapter(ModelDescription)
_ANSWER: TypeAdapter[InferenceAnswer] = TypeAdapter(InferenceAnswer)
Answer = TypeVar("Answer")


class UnknownModel(Exception):
    """The server itself answered that it has no such model."""


@dataclass(frozen=True, slots=True)
class ModelServer:
    """A server at ``endpoint``, spoken to directly and never through a proxy; ``seconds`` a call.

    Every method raises Unavailable where the server does not answer as the protocol says.
    """

    endpoint: str
    seconds: float = 30.0

    def require_live(self) -> None:
        """Raise Unavailable, which says why, where the server does not answer at all."""
        self._call("/v2/health/live")

    def is_ready(self) -> bool:
        """Tell whether the server is up and all of its models are loaded."""
        try:
            self._call("/v2/health/ready")
        except (Unavailable, UnknownModel):
            return False
        return True

    def index(self) -> tuple[LoadedModel, ...]:
        """Return the models of the server's repository.

        MLServer reads the names and versions from the files, not from what it has loaded: ask
        ``serves`` for that.
        """
        return self._parse(_INDEX, self._call("/v2/repository/index", {}))

    def serves(self, name: str, version: str) -> bool:
        """Tell whether that version of a model is loaded and ready."""
        try:
            self._call(f"/v2/models/{quote(name)}/versions/{quote(version)}/ready")
        except UnknownModel:
            return False
        return True

    def load(self, name: str) -> None:
        """Load a model from the server's repository; returns once it answers."""
        self._call(f"/v2/repository/models/{quote(name)}/load", {})

    def unload(self, name: str) -> None:
        """Take a model out of service, in all of its versions."""
        self._call(f"/v2/repository/models/{quote(name)}/unload", {})

    def describe(self, name: str) -> ModelDescription:
        """Return a model's inputs; raises UnknownModel where there is none of the name."""
        return self._parse(_DESCRIPTION, self._call(f"/v2/models/{quote(name)}"))

    def infer(self, name: str, request: JsonValue) -> InferenceAnswer:
        """Return a model's answer; raises UnknownModel where there is none of the name."""
        return self._parse(_ANSWER, self._call(f"/v2/models/{quote(name)}/infer", request))

    def _call(self, path: str, body: JsonValue = None) -> bytes:
        content = None if body is None else json.dumps(body, allow_nan=False).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        request = Request(self.endpoint + path, data=content, headers=headers)  # noqa: S310
        try:
            bound = Bound(self.seconds, _LIMIT)
            return body_of(request, bound, directly=True)
        except Refused as error:
            if error.status == 404:
                raise UnknownModel(path) from error
            raise self._unavailable(f"{error}{_said(error.body)}") from error
        except NoAnswer as error:
            raise self._unavailable(str(error)) from error

    def _parse(self, kind: TypeAdapter[Answer], body: bytes) -> Answer:
        try:
            return kind.validate_json(body)
        except ValidationError as error:
            found = repr(body[:80].decode("utf-8", "replace"))
            raise self._unavailable(found) from error

    def _unavailable(self, found: str) -> Unavailable:
        return Unavailable(
            f"model server {self.endpoint}: expected an answer of the Open Inference Protocol, "
            f"found {found}",
            code="serving.unavailable",
            solution="Start it with `turnpike serve`, and look into its log if it is running.",
        )


def _said(body: bytes) -> str:
    return f": {body[:2000].decode('utf-8', 'replace')}" if body else ""
