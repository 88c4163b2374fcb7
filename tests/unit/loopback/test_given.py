"""A cluster that does not answer is told at once, whatever its kubeconfig promises.

What becomes of one that does is tried with real ones: ``tests/cluster/test_given_clusters.py``.
"""

from __future__ import annotations

import socket
from pathlib import Path

import certifi
import pytest

from turnpike.errors import Unavailable
from turnpike.loopback.given import meet
from unit.loopback.test_kubeconfig import SECRET, chosen, entry, kubeconfig
from unit.registry.bad_server import answers, server


def refusal(folder: Path, url: str, certificate: str = certifi.where()) -> Unavailable:
    """Meet the cluster of a kubeconfig, which does not answer."""
    cluster = {"server": url, "certificate-authority": certificate}
    file = kubeconfig(folder / "config", "work", cluster=cluster)
    with pytest.raises(Unavailable) as raised:
        meet(chosen("work", file), folder)
    assert (raised.value.exit_code, raised.value.code) == (3, "cluster.unavailable")
    assert SECRET not in f"{raised.value} {raised.value.solution}"
    return raised.value


def test_a_cluster_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    message = refusal(tmp_path, f"https://127.0.0.1:{port}").message
    assert f"context work: expected https://127.0.0.1:{port} to answer" in message


def test_so_is_somebody_else_at_its_address(tmp_path: Path) -> None:
    with server(answers("{}")) as url:
        assert "to answer, got" in refusal(tmp_path, url.replace("http:", "https:")).message


def test_a_certificate_that_is_none_trusts_nobody(tmp_path: Path) -> None:
    file = kubeconfig(tmp_path / "config", "work", cluster=entry())
    with pytest.raises(Unavailable, match="to answer, got"):
        meet(chosen("work", file), tmp_path)
