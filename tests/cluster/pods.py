"""A stand-in for the model servers in a cluster's pods, and for the consumers who ask them.

Nodes are kwok's, so that no pod of a cluster runs. For each that is ready this counts, as MLServer
does, five requests a second, lists it for Prometheus with the labels that its operator would give
it, and answers Prometheus. How the requests fare is the test's to say. That a real MLServer's
counts are read alike is shown in ``test_metrics.py``.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from turnpike.loopback.cluster import Cluster
from turnpike.loopback.objects import Object, Objects

PACE_SECONDS = 0.2
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
_OK, _FAILED = "200", "500"
_MODEL = "turnpike.dev/model"


@dataclass
class Consumers:
    """What the next requests are like: whether there are any, how they end, and how soon."""

    ask: bool = True
    fail: bool = False
    seconds: float = 0.02


@dataclass
class Server:
    """What one pod's server has counted since it started."""

    model: str
    requests: Counter[str] = field(default_factory=Counter)
    within: Counter[float] = field(default_factory=Counter)

    def count(self, consumers: Consumers) -> None:
        """Count one request of a consumer."""
        self.requests[_FAILED if consumers.fail else _OK] += 1
        for bound in (*BOUNDS, float("inf")):
            self.within[bound] += consumers.seconds <= bound

    def exposition(self) -> str:
        """Return the counts in Prometheus' text format, as MLServer's metrics endpoint does."""
        path = f'path="/v2/models/{self.model}/infer",method="POST",app_name="mlserver"'
        probe = f'path="/v2/models/{self.model}/ready",method="GET",app_name="mlserver"'
        duration = "rest_server_request_duration_seconds"
        lines = ["# TYPE rest_server_requests_total counter"]
        for status, count in sorted(self.requests.items()):
            lines.append(f'rest_server_requests_total{{{path},status_code="{status}"}} {count}')
        lines.append(f'rest_server_requests_total{{{probe},status_code="200"}} 7')
        lines.append(f"# TYPE {duration} histogram")
        for bound, count in sorted(self.within.items()):
            le = "+Inf" if bound == float("inf") else str(bound)
            lines.append(f'{duration}_bucket{{{path},status_code="200",le="{le}"}} {count}')
        return "\n".join([*lines, ""])


class Pods:
    """Plays the pods of clusters until it is stopped; ``targets`` is the list for Prometheus."""

    def __init__(self, clusters: Sequence[Objects], targets: Path) -> None:
        """Play what is ready in some clusters."""
        self._clusters, self._targets, self._address = clusters, targets, ""
        self._end = threading.Event()
        self.consumers = Consumers()
        self.servers: dict[tuple[str, str], Server] = {}
        self.failures: list[str] = []

    @classmethod
    @contextmanager
    def of(cls, clusters: Sequence[Cluster], targets: Path) -> Iterator[Pods]:
        """Play in clusters for as long as the block lasts."""
        playing = cls([Objects(cluster) for cluster in clusters], targets)
        listed(targets, [])
        threads = [threading.Thread(target=play, daemon=True)
                   for play in (playing._follow, playing._count)]  # fmt: skip
        with answering(playing.servers) as address:
            playing._address = address
            for one in threads:
                one.start()
            try:
                yield playing
            finally:
                playing._end.set()
                for one in threads:
                    one.join(10)

    def _follow(self) -> None:
        """Let servers come and go with the pods, and tell Prometheus."""
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        while not self._end.wait(PACE_SECONDS):
            try:
                found = (one.all_of("v1", "Pod", labels=_MODEL) for one in self._clusters)
                ready = [pod for pods in found for pod in pods if _is_ready(pod)]
            except (ApiException, HTTPError) as error:
                self.failures.append(str(error))  # a server that is away for now
                continue
            here = {_place(pod): pod["metadata"]["labels"][_MODEL] for pod in ready}
            if here.keys() == self.servers.keys():
                continue
            for place in self.servers.keys() - here.keys():
                del self.servers[place]
            for place in here.keys() - self.servers.keys():
                self.servers[place] = Server(here[place])
            listed(self._targets, [target_of(self._address, *p, here[p]) for p in sorted(here)])

    def _count(self) -> None:
        while not self._end.wait(PACE_SECONDS):
            for server in tuple(self.servers.values()) if self.consumers.ask else ():
                server.count(self.consumers)


def target_of(address: str, namespace: str, pod: str, model: str, path: str = "") -> Object:
    """Return an entry of Prometheus' list, with the labels of its operator."""
    return {
        "targets": [address],
        "labels": {
            "namespace": namespace,
            "pod": pod,
            "service": f"{model}-metrics",
            "__metrics_path__": path or f"/{namespace}/{pod}",
        },
    }


def listed(targets: Path, entries: Sequence[Object]) -> None:
    """Give Prometheus another list, at one stroke."""
    new = targets.with_suffix(".new")
    targets.parent.mkdir(parents=True, exist_ok=True)
    new.write_text(json.dumps(entries), "utf-8")
    new.replace(targets)


@contextmanager
def answering(servers: Mapping[tuple[str, str], Server]) -> Iterator[str]:
    """Answer Prometheus for each server, at ``/NAMESPACE/POD``; yield the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            namespace, _, pod = self.path.strip("/").partition("/")
            server = servers.get((namespace, pod))
            content = server.exposition().encode() if server else b""
            self.send_response(200 if server else 404)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _place(pod: Mapping[str, Any]) -> tuple[str, str]:
    return pod["metadata"]["namespace"], pod["metadata"]["name"]


def _is_ready(pod: Mapping[str, Any]) -> bool:
    conditions = pod.get("status", {}).get("conditions", ())
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)


def main(words: Sequence[str]) -> None:
    """Play in the clusters of ``TARGETS FOLDER ...`` until a signal ends it."""
    targets, *folders = words
    with Pods.of([Cluster.kept_in(Path(folder)) for folder in folders], Path(targets)):
        signal.pause()


if __name__ == "__main__":
    main(sys.argv[1:])
