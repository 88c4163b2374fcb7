"""Prometheus, asked over its HTTP API for the series that a deployment's alerts are made of.

Source: prometheus.io, "HTTP API", instant queries. Whatever speaks it will do, such as Thanos or a
cloud's managed service, as long as it has each series once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, urlencode, urlsplit
from urllib.request import Request

from pydantic import BaseModel, ConfigDict, FiniteFloat, TypeAdapter, ValidationError

from turnpike.bounded_http import Bound, NoAnswer, Refused, body_of, is_on_loopback, is_private
from turnpike.cluster.tally import Counted, Scraped
from turnpike.errors import CannotDecide, InputError, Unavailable
from turnpike.explain.escape import without_account
from turnpike.rendering.model_series import DURATIONS, FAILED, INFERENCE, REQUESTS, series_of

_LIMIT = 16 * 1024 * 1024
_REFUSED = frozenset((401, 403))

Part = Literal["age", "requests", "errors", "answered"]


class _Labels(BaseModel):
    """The labels of one value, as the query below gives them."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    part: Part
    pod: str
    le: float = math.inf


class _Sample(BaseModel):
    """One value: when it was asked for, and the number as a text."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    metric: _Labels
    value: tuple[float, FiniteFloat]


class _Vector(BaseModel):
    """The answer to an instant query."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    resultType: Literal["vector"]  # noqa: N815 - as the API spells it
    result: tuple[_Sample, ...]


class _Answer(BaseModel):
    """What is relied on of an answer; a warning says that it is not whole."""

    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    status: Literal["success"]
    data: _Vector
    warnings: tuple[str, ...] = ()


_ANSWER: TypeAdapter[_Answer] = TypeAdapter(_Answer)


@dataclass(frozen=True)
class Prometheus:
    """The server at an address; ``token`` is sent as a bearer's, and ``seconds`` waited for it."""

    address: str
    token: str = field(default="", repr=False)
    seconds: float = 5.0

    def __post_init__(self) -> None:
        """Raise InputError for what is no server's address, or where a token could be read."""
        place = _server(self.address)
        if place.username is not None:
            raise _address("no account in the address", "one")
        if self.token and not is_private(self.address):
            raise _address("https, for a token is sent there", place.scheme)

    def scraped(self, namespace: str, model: str) -> Mapping[str, Scraped]:
        """Return by pod what was last read of it; one that could not be read then is left out.

        Raises Unavailable where nobody answers, or not all of it, and CannotDecide where refused.
        """
        body = self._asked(query_for(namespace, model))
        try:
            answer = _ANSWER.validate_json(body)
        except ValidationError as error:
            found = repr(body[:80].decode("utf-8", "replace"))
            raise self._unavailable(found) from error
        if answer.warnings:
            raise self._unavailable(f"one with a warning: {answer.warnings[0]}")
        return _by_pod(answer.data.result)

    def _asked(self, query: str) -> bytes:
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        url = f"{self.address.rstrip('/')}/api/v1/query"
        content = urlencode({"query": query}).encode()
        request = Request(url, data=content, headers=headers)  # noqa: S310 - http or https
        is_here = is_on_loopback(self.address)
        bound = Bound(self.seconds, _LIMIT)
        try:
            return body_of(request, bound, directly=is_here)
        except Refused as error:
            raise self._failure(error) from error
        except NoAnswer as error:
            raise self._unavailable(str(error)) from error

    def _failure(self, error: Refused) -> CannotDecide:
        if error.status in _REFUSED:
            return CannotDecide(
                f"Prometheus {self.address}: expected to be let ask, got HTTP {error.status}",
                code="metrics.refused",
                solution="Give an account's token that may query in TURNPIKE_PROMETHEUS_TOKEN.",
            )
        return self._unavailable(f"HTTP status {error.status}{_said(error.body)}")

    def _unavailable(self, found: str) -> Unavailable:
        return Unavailable(
            f"Prometheus {self.address}: expected an answer to a query, got {found}",
            code="metrics.unavailable",
            solution="See that it runs and that --prometheus names it.",
        )


def query_for(namespace: str, model: str) -> str:
    """Return one query for all that is counted of a model, so that no scrape falls between.

    ``timestamp`` tells when a series was read only of the plain series.
    """
    series = series_of(namespace, model)
    asked = f"{series},{INFERENCE}"
    up = f"up{{{series}}}"
    parts: Mapping[Part, str] = {
        "age": f"max by (pod) (time() - timestamp({up}) and {up} == 1)",
        "requests": f"sum by (pod) ({REQUESTS}{{{asked}}})",
        "errors": f"sum by (pod) ({REQUESTS}{{{asked},{FAILED}}})",
        "answered": f"sum by (pod, le) ({DURATIONS}{{{asked}}})",
    }
    return " or ".join(
        f'label_replace({query}, "part", "{part}", "", "")' for part, query in parts.items()
    )


def _by_pod(samples: Iterable[_Sample]) -> Mapping[str, Scraped]:
    pods: dict[str, dict[Part, dict[float, float]]] = {}
    for one in samples:
        parts = pods.setdefault(one.metric.pod, {})
        parts.setdefault(one.metric.part, {})[one.metric.le] = one.value[1]
    return {
        pod: Scraped(parts["age"][math.inf], _counted(parts))
        for pod, parts in pods.items()
        if "age" in parts
    }


def _counted(parts: Mapping[Part, Mapping[float, float]]) -> Counted:
    """Return the counts of a pod; a series that is not there yet has counted nothing."""
    requests, errors = (
        round(parts.get(part, {}).get(math.inf, 0.0)) for part in ("requests", "errors")
    )
    answered = {bound: round(count) for bound, count in sorted(parts.get("answered", {}).items())}
    return Counted(requests, errors, answered)


def _server(address: str) -> SplitResult:
    expected = "https://HOST, with a path at most"
    try:
        place = urlsplit(address)
        is_server = place.hostname and (place.port is None or place.port > 0)
    except ValueError as error:
        raise _address(expected, f"{without_account(address)}: {error}") from None
    if place.scheme not in ("http", "https") or not is_server or place.query or place.fragment:
        raise _address(expected, without_account(address))
    return place


def _said(body: bytes) -> str:
    """Return what the server says is wrong with a query, which it does in its own form."""
    try:
        message = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return ""
    return f": {message}"


def _address(expected: str, found: str) -> InputError:
    return InputError(
        f"--prometheus: expected {expected}, got {found}",
        code="metrics.address",
        solution="Give the address below which /api/v1/query answers.",
    )
