#!/usr/bin/env python3
"""Time deliveries by the real Argo CD on loopback: from a merge in Gitea to Synced.

Run it from a checkout: ``tools/bench/delivery.py``; ``--applications 1,10,100`` says with how many,
``--models`` for how many models the ApplicationSets of three environments are timed; none where it
is 0. What it needs, ``turnpike set-up cluster`` and ``turnpike set-up gitea``, it sets up itself.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from core import continue_in_core


def main() -> int:
    """Print the two tables."""
    wishes = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wishes.add_argument("--applications", default="1,10,100")
    wishes.add_argument("--models", type=int, default=1000)
    asked = wishes.parse_args()
    continue_in_core({})
    from deliveries import bench, print_deliveries, print_generation

    counts = [int(word) for word in asked.applications.split(",") if word]
    with (
        tempfile.TemporaryDirectory(prefix="turnpike-bench-") as scratch,
        bench(Path(scratch)) as made,
    ):
        if counts:
            print_deliveries(made, counts)
        if asked.models:
            print_generation(made, asked.models)
    return 0


if __name__ == "__main__":
    sys.exit(main())
