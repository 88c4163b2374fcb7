"""Prometheus on loopback: asks what a file lists, with the labels that the file gives.

In a cluster its operator makes that list of ServiceMonitors. Here nobody does: nodes are kwok's,
and no pod has an address.
"""

from __future__ import annotations

import json
from pathlib import Path

from turnpike.free_ports import LOOPBACK, free_ports
from turnpike.loopback.addresses import answers
from turnpike.loopback.processes import Processes

_NAME = "prometheus"


def start_prometheus(
    programs: Path, folder: Path, processes: Processes, targets: Path, every: str = "1s"
) -> str:
    """Start Prometheus with an empty store, and return its address once it answers.

    ``targets`` is a JSON file of Prometheus' file-based discovery, read again whenever it changes;
    ``every`` is how often each target is asked. Raises Unavailable where it does not start.
    """
    (port,) = free_ports(1)
    url = f"http://{LOOPBACK}:{port}"
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / "prometheus.yml"
    settings.write_text(json.dumps(_settings(targets, every)), "utf-8")  # JSON is YAML
    processes.start(
        _NAME,
        [
            programs / "prometheus",
            f"--config.file={settings}",
            f"--storage.tsdb.path={folder / 'store'}",
            f"--web.listen-address={LOOPBACK}:{port}",
            "--log.level=warn",
        ],
    )
    processes.wait_until(_NAME, lambda: answers(f"{url}/-/ready"))
    return url


def _settings(targets: Path, every: str) -> dict[str, object]:
    listed = {"files": [str(targets)], "refresh_interval": "1s"}
    job = {"job_name": "models", "file_sd_configs": [listed]}
    return {"global": {"scrape_interval": every, "scrape_timeout": every}, "scrape_configs": [job]}
