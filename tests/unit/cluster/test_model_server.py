from __future__ import annotations

import subprocess
import sys

from turnpike.cluster import model_server


def test_it_needs_nothing_of_turnpike() -> None:
    # It runs in the serving environment: without mlserver it fails at that, and at nothing before.
    ended = subprocess.run(
        [sys.executable, "-I", model_server.__file__, "start", "."],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "No module named 'mlserver" in ended.stderr
