"""A real MLflow server on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from turnpike.bounded_http import Bound
from turnpike.errors import Unavailable
from turnpike.free_ports import free_ports
from turnpike.registry.rest import RestServer

_START_SECONDS = 900.0


@contextmanager
def mlflow_server(home: Path) -> Iterator[str]:
    """Start a server that keeps everything below a folder, and yield its address."""
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
        "--backend-store-uri", f"sqlite:///{home / 'server.db'}", "--serve-artifacts",
        "--artifacts-destination", str(home / "bucket"), "--workers", "1",
    ]  # fmt: skip
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={**os.environ, **quiet}, start_new_session=True
        )
    try:
        _wait_for(address, process, home / "server.log")
        yield address
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, 15)
        process.wait(300)


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    ends = time.monotonic() + _START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        try:
            RestServer(address).get("/health", Bound(seconds=2.0, size=100))
            return
        except Unavailable:
            time.sleep(0.5)
    pytest.fail(f"the server did not start: {log.read_text()[-2000:]}")
