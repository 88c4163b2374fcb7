"""What Argo CD could not listen at is told before anything of it starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from turnpike.errors import InputError
from turnpike.loopback.argocd import start_argocd
from turnpike.loopback.cluster import Cluster
from turnpike.loopback.processes import Processes


def start(folder: Path, size: int) -> None:
    """Start it with a socket whose path has that size, and nothing that could run."""
    length = size - len(f"{folder}//argocd/ask.sock")
    plane = Cluster("one", folder / ("x" * length), "https://127.0.0.1:9", "", folder / "ca.crt")
    with Processes(folder / "logs") as processes:
        start_argocd(folder, folder, plane, processes)


def test_a_folder_whose_path_leaves_a_socket_no_room_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at most 107 bytes") as refused:
        start(tmp_path, 108)
    assert refused.value.code == "loopback.long-path"
    with pytest.raises(FileNotFoundError, match="gate-signature"):  # what comes after it
        start(tmp_path, 107)
