"""What is kept of a cluster is private, and read back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.loopback.cluster import Cluster


@pytest.mark.parametrize("tls_name", ["", "api.example.org"])
def test_a_cluster_is_read_back_as_it_was_kept(tmp_path: Path, tls_name: str) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    server = "https://[fd00::1]:6443/one"
    kept = Cluster("shared", folder, server, "a-token", tmp_path / "ca.crt", tls_name)
    kept.keep()
    assert Cluster.kept_in(folder) == kept
    assert kept.certified == (tls_name or "fd00::1")


def test_nobody_else_reads_a_token(tmp_path: Path) -> None:
    cluster = Cluster("shared", tmp_path, "https://127.0.0.1:1", "a-token", tmp_path / "ca.crt")
    cluster.keep()
    other = cluster.kubeconfig_of("kwok", "another-token")
    for file, token in ((cluster.kubeconfig, "a-token"), (other, "another-token")):
        assert file.stat().st_mode & 0o777 == 0o600
        assert token in file.read_text("utf-8")
