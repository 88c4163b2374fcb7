"""The environment that has Turnpike's own packages, for a script that any Python may start."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MARK = "TURNPIKE_BENCH"


def continue_in_core(extra: Mapping[str, str]) -> None:
    """Start the script anew in that environment, once, with these variables besides.

    To be called before anything of Turnpike is imported.
    """
    if os.environ.get(_MARK):
        return
    setup = str(ROOT / "tools" / "setup" / "python")
    python = subprocess.run([setup], capture_output=True, text=True, check=True).stdout.strip()
    paths = os.pathsep.join([str(ROOT / "platform"), str(Path(__file__).parent)])
    environment = {**os.environ, _MARK: "1", "PYTHONPATH": paths, **extra}
    os.execve(python, [python, *sys.argv], environment)  # noqa: S606 - our own interpreter
