"""The schemas that changed manifests are held against; set up on first use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from turnpike.change.conformance import schemas_file
from turnpike.errors import Unavailable
from turnpike.installation.naming import cache_folder

PRODUCT = Path(__file__).resolve().parents[3]


def require_schemas() -> None:
    """Set the schemas up unless they are there; raises Unavailable where that fails."""
    if schemas_file(cache_folder()).exists():
        return
    words = [sys.executable, str(PRODUCT / "tools" / "setup"), "schemas", "--json"]
    asked = subprocess.run(words, stdout=subprocess.DEVNULL, check=False)
    if asked.returncode != 0:
        raise Unavailable(
            f"Kubernetes' schemas: expected their set-up to end well, exit code {asked.returncode}",
            code="schemas.missing",
            solution="Run it by hand: ./turnpike set-up schemas",
        )
