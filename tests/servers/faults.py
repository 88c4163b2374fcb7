"""The moment in which a fault hurts most."""

from __future__ import annotations

import time
from pathlib import Path


def until_written(file: Path) -> None:
    """Wait until somebody writes a file."""
    before, ends = _stamp(file), time.monotonic() + 600
    while _stamp(file) == before:
        assert time.monotonic() < ends, f"nobody wrote {file}"
        time.sleep(0.001)


def _stamp(file: Path) -> int:
    return file.stat().st_mtime_ns if file.exists() else 0
