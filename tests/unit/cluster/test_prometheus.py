"""An answer of Prometheus is read whole or not at all; a real one answers in tests/cluster."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from turnpike.cluster.prometheus import Prometheus, query_for
from turnpike.cluster.tally import Counted, Scraped
from turnpike.errors import CannotDecide, InputError, Unavailable


def sample(pod: str, part: str, value: str, **labels: str) -> dict[str, Any]:
    return {"metric": {"pod": pod, "part": part, **labels}, "value": [1_800_000_000.5, value]}


WHOLE = [
    sample("one", "age", "2.5"),
    sample("one", "requests", "10"),
    sample("one", "errors", "1"),
    sample("one", "answered", "10", le="+Inf"),
    sample("one", "answered", "9", le="0.1"),
]


def vector(*result: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"status": "success", "data": {"resultType": "vector", "result": result}, **more}


@contextmanager
def answering(body: object, status: int = 200, **headers: str) -> Iterator[tuple[str, list[Any]]]:
    """Answer every query alike; yield the address, and what is asked with which token."""
    asked: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked.append((self.path, form["query"], self.headers["Authorization"]))
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/prefix/", asked
    server.shutdown()
    server.server_close()


def test_counts_are_read_by_pod_with_one_query() -> None:
    with answering(vector(*WHOLE)) as (address, asked):
        found = Prometheus(address, "a-token").scraped("dev-oncology", "tumour")
    assert found == {"one": Scraped(2.5, Counted(10, 1, {0.1: 9, math.inf: 10}))}
    query = query_for("dev-oncology", "tumour")
    assert asked == [("/prefix/api/v1/query", [query], "Bearer a-token")]
    assert 'namespace="dev-oncology",service="tumour-metrics"' in query


def test_a_pod_that_was_asked_nothing_has_counted_nothing() -> None:
    with answering(vector(sample("one", "age", "1"))) as (address, _):
        assert Prometheus(address).scraped("n", "m") == {"one": Scraped(1.0, Counted(0, 0, {}))}


def test_a_pod_that_was_not_read_last_time_is_left_out() -> None:
    with answering(vector(*WHOLE[1:])) as (address, _):
        assert Prometheus(address).scraped("n", "m") == {}


@pytest.mark.parametrize(
    "body",
    [
        b"no JSON",
        {"status": "error", "error": "x"},
        {"status": "success", "data": {"resultType": "matrix", "result": []}},
        vector(sample("one", "age", "NaN")),
        vector(sample("one", "other", "1")),
        vector({"metric": {"part": "age"}, "value": [1, "1"]}),
        vector(*WHOLE, warnings=["a store did not answer"]),
    ],
)
def test_less_than_a_whole_answer_is_none(body: object) -> None:
    with answering(body) as (address, _), pytest.raises(Unavailable, match="an answer to a query"):
        Prometheus(address).scraped("n", "m")


def test_a_refusal_and_a_failure_are_told_apart() -> None:
    with answering({}, 403) as (address, _), pytest.raises(CannotDecide, match="403") as refused:
        Prometheus(address).scraped("n", "m")
    assert not isinstance(refused.value, Unavailable)
    with (
        answering({"error": "parse error"}, 400) as (address, _),
        pytest.raises(Unavailable, match="HTTP status 400: parse error"),
    ):
        Prometheus(address).scraped("n", "m")


def test_a_token_follows_nobody_elsewhere() -> None:
    with answering(vector(*WHOLE)) as (other, asked):
        moved = answering({}, 307, Location=other)
        with moved as (address, _), pytest.raises(Unavailable, match="HTTP status 307"):
            Prometheus(address, "a-token").scraped("n", "m")
    assert asked == []


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="refused"):
        Prometheus("http://127.0.0.1:9").scraped("n", "m")


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("", ""),
        ("prometheus:9090", ""),
        ("file:///etc/passwd", ""),
        ("http://[", ""),
        ("http://prometheus.example:many", ""),
        ("http://me:secret@prometheus.example", ""),
        ("ftp://me:secret@prometheus.example", ""),
        ("https://prometheus.example?x=1", ""),
        ("http://prometheus.example", "a-token"),
    ],
)
def test_an_address_that_is_none_or_would_show_a_secret_is_refused(
    address: str, token: str
) -> None:
    with pytest.raises(InputError, match="--prometheus: expected") as refused:
        Prometheus(address, token)
    assert "secret" not in refused.value.message


def test_a_token_is_never_shown() -> None:
    assert "a-token" not in repr(Prometheus("https://prometheus.example", "a-token"))
