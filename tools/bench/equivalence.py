#!/usr/bin/env python3
"""Time `turnpike equivalence`: so many models on nine targets, three regions of three clouds.

Run it from a checkout: ``tools/bench/equivalence.py``; ``--models`` says how many. Exit code 1
where the time or the answer misses its target, which holds for 1,000 models and two idle cores.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from core import ROOT, continue_in_core
from measuring import run

if TYPE_CHECKING:
    from turnpike.topology.clouds import Clouds

SECONDS = 20.0
REGIONS = 3


def main() -> int:
    """Print the figures; returns 1 where one misses its target."""
    wishes = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wishes.add_argument("--models", type=int, default=1000)
    models = wishes.parse_args().models
    continue_in_core({})
    with tempfile.TemporaryDirectory(prefix="turnpike-bench-") as scratch:
        write_checkout(Path(scratch), models)
        command = (sys.executable, "-P", "-m", "turnpike", "equivalence")
        paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "platform")])}
        done = run(command, Path(scratch), paths)
    print(done.out.decode().strip())
    print(
        f"{done.wall:6.2f} s wall, target {SECONDS:.0f} s; {done.cpu:6.2f} s of CPUs;"
        f" {done.peak / (1 << 20):6.0f} MiB"
    )
    return int(done.code != 0 or done.wall > SECONDS)


def write_checkout(folder: Path, models: int) -> None:
    """Write so many models, and one environment with nine targets."""
    from workload import Sample

    from turnpike.documents.reading import read
    from turnpike.topology.clouds import CLOUDS

    for number in range(models):
        sample = Sample(number)
        (folder / sample.folder).mkdir(parents=True)
        (folder / sample.folder / "model.yaml").write_bytes(sample.manifest)
    production = folder / "environments" / "production"
    production.mkdir(parents=True)
    shutil.copy(ROOT / "environments" / "clouds.yaml", production.parent)
    clouds = read(CLOUDS, (production.parent / "clouds.yaml").read_bytes(), "clouds.yaml")
    (production / "environment.yaml").write_text(environment_text(clouds), "utf-8")


def environment_text(clouds: Clouds) -> str:
    """Return production with each cloud's target in three regions, and none on one machine."""
    import yaml

    file = ROOT / "environments" / "production" / "environment.yaml"
    value = yaml.safe_load(file.read_text("utf-8"))
    value["targets"] = [
        {**target, "name": f"{target['cloud']}-{region}", "region": region}
        for target in value["targets"]
        if (cloud := clouds.cloud(target["cloud"])) and target["cloud"] != "local"
        for region in sorted(cloud.regions)[:REGIONS]
    ]
    return json.dumps(value)  # which is YAML, without anchors for what stands there twice


if __name__ == "__main__":
    sys.exit(main())
