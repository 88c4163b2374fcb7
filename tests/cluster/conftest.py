"""One world for the whole story: Gitea, clusters, Argo CD and Prometheus; an instance of HEAD.

With ``-n 2`` one process has the world, and another does the rest beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from cluster.telling import TOLD, told_of
from end_to_end.installed import told_of_source, use_installation

if TYPE_CHECKING:
    from cluster.world import ClusterWorld

SOURCE = use_installation()
SHARING = (
    "test_story", "test_under_faults", "test_asking_argocd", "test_upkeep",
    "test_sync_windows", "test_region_lost",
)  # fmt: skip
"""The files that share the world, in their order: the first finds it empty, the last loses it."""


class Worker(Protocol):
    """Another process of pytest-xdist; ``workeroutput`` is there once it has ended well."""

    config: pytest.Config


def place_of(nodeid: str) -> str:
    """Return what a test stays together with: all that shares the world, else its own file."""
    file = nodeid.partition("::")[0]
    return "world" if Path(file).stem in SHARING else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Hand out tests to two processes by the places that they stay together at."""
    from xdist.scheduler import LoadScopeScheduling  # pants: no-infer-dep

    made = LoadScopeScheduling(config, log)
    made._split_scope = place_of
    return made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what shares the world, which takes longest."""
    order = {name: place for place, name in enumerate(SHARING)}
    items.sort(key=lambda item: order.get(item.path.stem, len(order)))


def pytest_report_header() -> str:
    """Say which code is tested."""
    return told_of_source(SOURCE)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print what was measured on the way."""
    for line in config.stash.get(TOLD, []):
        terminalreporter.write_line(line)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what was measured to the process that reports, where this one only works for it."""
    output: dict[str, list[str]] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["told"] = session.config.stash.get(TOLD, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Worker) -> None:
    """Take over what was measured in another process."""
    told: list[str] = getattr(node, "workeroutput", {}).get("told", [])
    node.config.stash.setdefault(TOLD, []).extend(told)


@pytest.fixture(scope="session")
def world(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[ClusterWorld]:
    """The world, with nothing but its genesis on main; stopped and looked after at the end."""
    from cluster.world import cluster_world

    with cluster_world(tmp_path_factory.mktemp("cluster")) as made, told_of(made, pytestconfig):
        yield made
        if made.processes.running:  # else it was lost, and told what it took before that
            made.measured.extend(made.memory())
    assert not made.left(), "processes outlived the world"
