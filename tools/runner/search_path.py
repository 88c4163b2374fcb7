"""Where the container keeps its libraries: one folder for each, as Pex lays them out."""

from __future__ import annotations

import sys
from pathlib import Path

LIBRARIES = Path("/libraries/.deps")


def add_libraries(folder: Path = LIBRARIES) -> None:
    """Let imports find the libraries, after the program's own modules and before all else."""
    if folder.is_dir():
        sys.path[1:1] = sorted(str(path) for path in folder.iterdir())
