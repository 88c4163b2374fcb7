"""One world for the whole story: Gitea, clusters, Argo CD and Prometheus; an instance of HEAD."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from cluster.telling import TOLD, told_of
from end_to_end.installed import told_of_source, use_installation

if TYPE_CHECKING:
    from cluster.world import ClusterWorld

SOURCE = use_installation()


def pytest_report_header() -> str:
    """Say which code is tested."""
    return told_of_source(SOURCE)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print what was measured on the way."""
    for line in config.stash.get(TOLD, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def world(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[ClusterWorld]:
    """The world, with nothing but its genesis on main; stopped and looked after at the end."""
    from cluster.world import cluster_world

    with cluster_world(tmp_path_factory.mktemp("cluster")) as made, told_of(made, pytestconfig):
        yield made
        made.measured.extend(made.memory())
    assert not made.left(), "processes outlived the world"
