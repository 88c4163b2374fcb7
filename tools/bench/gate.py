#!/usr/bin/env python3
"""Measure the gate and the sweep beside `opa exec`, `conftest test` and `kubeconform`.

Run it from a checkout whose changes are committed: ``tools/bench/gate.py --models 10000``, or
``--models 300`` to see that it runs. It makes an instance with that many models and a small one
with a hundred, prints CPU, wall and peak memory of everything on the same models, and ends with
its verdict against the targets; exit code 1 where one is missed. Absolute targets hold for two
idle cores and 10,000 models; ratios for any size.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core import ROOT, continue_in_core

if TYPE_CHECKING:
    from measuring import Run

SMALL = 100
RUNS = 5


def main() -> int:
    """Measure, print, and say whether the targets are met."""
    wishes = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    wishes.add_argument("--models", type=int, default=10_000, help="models in the large monorepo")
    wishes.add_argument("--folder", type=Path, help="keep the instances here, and use them again")
    asked = wishes.parse_args()
    continue_in_core({"TURNPIKE_OPA": _pinned_opa()})
    with tempfile.TemporaryDirectory(prefix="turnpike-bench-") as scratch:
        bench = _Bench(asked.folder or Path(scratch), asked.models)
        bench.measure()
        return bench.report()


def _pinned_opa() -> str:
    digest = hashlib.sha256((ROOT / "tools" / "opa" / "go.sum").read_bytes()).hexdigest()[:16]
    named = os.environ.get("TURNPIKE_CACHE") or Path(
        os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "turnpike"
    )
    return os.environ.get("TURNPIKE_OPA") or str(Path(named) / "opa" / digest / "opa")


@dataclass
class _Bench:
    """All measurements of one invocation, by name."""

    folder: Path
    models: int
    runs: dict[str, Run] = field(default_factory=dict)

    def measure(self) -> None:
        """Run everything once, the gate's own commands several times."""
        small, large = self._instance(SMALL), self._instance(self.models)
        for name, instance in ((f"{SMALL}", small), (f"{self.models}", large)):
            for count in (1, min(100, self.models)):
                number = self._pull_request(instance, count)
                command = (ROOT / "turnpike", "gate", "--pr", str(number), "--json")
                self._often(f"gate: {count} of {name} models", command, instance / "monorepo")
        self._sweeps(large)
        self._peers(large)

    def _instance(self, count: int) -> Path:
        from instance import make_instance

        folder = self.folder / str(count)
        if not (folder / "x" / "instance.yaml").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            print(f".. making an instance with {count} models", flush=True)
            make_instance(folder / "x", count)
        return folder / "x"

    def _pull_request(self, instance: Path, count: int) -> int:
        from proposals import propose

        return propose(instance, count)

    def _often(self, name: str, command: Sequence[str | Path], folder: Path) -> None:
        from measuring import Run, run

        runs = [run(command, folder) for _ in range(RUNS + 1)][1:]
        middle = statistics.median(one.wall for one in runs)
        cpu = statistics.median(one.cpu for one in runs)
        last = runs[-1]
        self.runs[name] = Run(middle, cpu, max(one.peak for one in runs), last.code, last.out)
        self._show(name)

    def _once(self, name: str, command: Sequence[str | Path], folder: Path) -> None:
        from measuring import run

        self.runs[name] = run(command, folder)
        self._show(name)

    def _sweeps(self, instance: Path) -> None:
        command: list[str | Path] = [ROOT / "turnpike", "sweep", "--json"]
        self._forget(instance)
        self._once("turnpike sweep, cold", command, instance / "monorepo")
        self._once("turnpike sweep, warm", command, instance / "monorepo")

    def _forget(self, instance: Path) -> None:
        """Take away what an earlier sweep of the instance has kept."""
        from turnpike.installation.naming import cache_folder
        from turnpike.instance.locate import open_instance

        genesis = open_instance(instance).genesis
        (cache_folder() / "sweeps" / f"{genesis}.jsonl").unlink(missing_ok=True)

    def _peers(self, instance: Path) -> None:
        from peers import ADAPTER, peer
        from questions import write_questions

        from turnpike.installation.naming import cache_folder

        asked = write_questions(instance, self.folder / "questions")
        (asked.bundle / "main.rego").write_text(ADAPTER)
        (asked.bundle / ".manifest").unlink()
        self._once(
            "opa exec",
            [asked.opa, "exec", "--decision", "turnpike/gate/decision", "-b", asked.bundle,
             asked.inputs],
            self.folder,
        )  # fmt: skip
        self._once(
            "conftest test",
            [peer("conftest", cache_folder()), "test", "--policy", asked.bundle, "--data",
             asked.bundle / "data.json", "--quiet", "--output", "json", asked.inputs],
            self.folder,
        )  # fmt: skip
        self._once(
            "kubeconform",
            [peer("kubeconform", cache_folder()), "-n", "2", "-summary", "-schema-location",
             f"{asked.schemas}/{{{{.ResourceKind}}}}_{{{{.ResourceAPIVersion}}}}.json",
             asked.manifests],
            self.folder,
        )  # fmt: skip

    # --- the table ------------------------------------------------------------------------------

    def _show(self, name: str) -> None:
        one = self.runs[name]
        if len(self.runs) == 1:
            print(f"{'':38} {'wall s':>8} {'cpu s':>8} {'peak MB':>8} {'exit':>5}")
        print(
            f"{name:38} {one.wall:8.2f} {one.cpu:8.2f} {one.peak / 1e6:8.0f} {one.code:5}",
            flush=True,
        )

    def report(self) -> int:
        """Print each target with what was found; 1 where one is missed."""
        missed = 0
        print()
        for told, found, target in self._targets():
            met = found <= target
            missed += not met
            print(f"{'met   ' if met else 'MISSED'} {told}: {found:.2f}, at most {target:.2f}")
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        return 1 if missed else 0

    def _targets(self) -> Iterator[tuple[str, float, float]]:
        runs, many = self.runs, min(100, self.models)
        one, some = (
            runs[f"gate: 1 of {self.models} models"],
            runs[f"gate: {many} of {self.models} models"],
        )
        few = runs[f"gate: 1 of {SMALL} models"]
        cold, warm = runs["turnpike sweep, cold"], runs["turnpike sweep, warm"]
        peer = runs["conftest test"]
        yield "seconds, a pull request of one model", one.wall, 1.0
        yield f"seconds, a pull request of {many} models", some.wall, 2.0
        yield f"CPU of one model among {self.models} to among {SMALL}", one.cpu / few.cpu, 1.2
        yield "cold sweep to conftest, wall", cold.wall / peer.wall, 3.0
        yield "warm sweep to conftest, wall", warm.wall / peer.wall, 1.0
        yield "peak MB of a sweep", max(cold.peak, warm.peak) / 1e6, 1000.0
        denied = json.loads(cold.out)["denied"] if cold.code in (0, 1) else [None]
        yield "models or deployments denied by the sweep", float(len(denied)), 0.0


if __name__ == "__main__":
    sys.exit(main())
