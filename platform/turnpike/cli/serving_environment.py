"""Where the model server's own Python is; set up on first use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from turnpike.errors import Unavailable

PRODUCT = Path(__file__).resolve().parents[3]


def serving_python() -> Path:
    """Return the interpreter of the serving environment; raises Unavailable without one."""
    asked = subprocess.run(
        [sys.executable, str(PRODUCT / "tools" / "setup"), "serving", "--json"],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    try:
        folder = Path(json.loads(asked.stdout)[0]["path"])
    except (ValueError, LookupError, TypeError) as error:
        raise Unavailable(
            f"serving environment: expected its set-up to end well, exit code {asked.returncode}",
            code="serving.no-environment",
            solution="Run it by hand: python3.11 tools/setup serving",
        ) from error
    return folder / "bin" / "python"
