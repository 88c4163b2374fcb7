"""A real Prometheus tells of a real MLServer, and of the one that the other tests play, alike."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

import pytest

from cluster.pods import BOUNDS, Consumers, Server, answering, listed, target_of
from contracts.clusters import mlserver_world
from turnpike.cluster.prometheus import Prometheus
from turnpike.cluster.tally import Scraped
from turnpike.delivery.predict import infer
from turnpike.errors import Unavailable
from turnpike.installation.set_up import set_up
from turnpike.loopback.processes import Processes
from turnpike.loopback.prometheus import start_prometheus

NAMESPACE, MODEL, POD = "dev-oncology", "one", "one-predictor-0"
ROWS = [{"a": 1.0, "b": 2.0}]


@dataclass(frozen=True, slots=True)
class Pod:
    """A server in a pod: where it tells what it counted, how to ask it, and how to end it."""

    address: str
    path: str
    ask: Callable[[], object]
    end: Callable[[], object]


@contextmanager
def played(folder: Path) -> Iterator[Pod]:
    server = Server(MODEL)
    servers = {(NAMESPACE, POD): server}
    with answering(servers) as address:
        yield Pod(address, "", lambda: server.count(Consumers()), servers.clear)


@contextmanager
def mlserver(folder: Path) -> Iterator[Pod]:
    """Serve a real model on this machine, whose metrics have a port of their own."""
    world = mlserver_world(folder)
    with world.cluster as cluster:
        cluster.apply((world.deployment(MODEL, 1.0),))
        settings = json.loads((folder / "state" / "repository" / "settings.json").read_text())
        address = f"{urlsplit(cluster.endpoint).hostname}:{settings['metrics_port']}"
        yield Pod(
            address, "/metrics", lambda: infer(cluster.endpoint, f"oncology/{MODEL}", ROWS),
            cluster.stop,
        )  # fmt: skip


PODS: Mapping[str, Callable[[Path], object]] = MappingProxyType(
    {"played": played, "mlserver": mlserver}
)


@dataclass(frozen=True, slots=True)
class Watching:
    """A pod, and the Prometheus that is told of it."""

    pod: Pod
    source: Prometheus
    processes: Processes

    def scraped(self) -> Mapping[str, Scraped]:
        return self.source.scraped(NAMESPACE, MODEL)

    def until(self, is_so: Callable[[Mapping[str, Scraped]], object]) -> Mapping[str, Scraped]:
        """Return what Prometheus says once that is so."""
        ends = time.monotonic() + 300
        while not is_so(found := self.scraped()):
            assert time.monotonic() < ends, f"never so: {found}"
            time.sleep(0.1)
        return found


@pytest.fixture(params=PODS)
def watching(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watching]:
    with ExitStack() as stack:
        pod: Pod = stack.enter_context(PODS[request.param](tmp_path / "pod"))  # type: ignore[arg-type]
        processes = stack.enter_context(Processes(tmp_path / "logs"))
        targets = tmp_path / "targets.json"
        listed(targets, [target_of(pod.address, NAMESPACE, POD, MODEL, pod.path)])
        url = start_prometheus(set_up("prometheus"), tmp_path / "store", processes, targets)
        yield Watching(pod, Prometheus(url), processes)


def test_what_a_pod_counted_is_read_by_pod_and_only_while_it_is(watching: Watching) -> None:
    found = watching.until(lambda pods: POD in pods)
    assert found[POD].counted.requests == 0
    for _ in range(3):
        watching.pod.ask()
    (pod,) = watching.until(lambda pods: pods[POD].counted.requests == 3).values()
    assert (pod.counted.errors, pod.counted.answered[math.inf]) == (0, 3)
    assert set(pod.counted.answered) == {*BOUNDS, math.inf}
    assert 0 <= pod.age_seconds < 300
    assert watching.source.scraped("dev-other", MODEL) == {}
    watching.pod.end()
    assert watching.until(lambda pods: not pods) == {}


@pytest.mark.parametrize("watching", ["played"], indirect=True)
def test_a_prometheus_that_is_gone_says_nothing(watching: Watching) -> None:
    watching.until(lambda pods: POD in pods)
    watching.processes.stop_one("prometheus")
    with pytest.raises(Unavailable, match="an answer to a query"):
        watching.scraped()
