"""The tools that are measured beside the gate, built once from their pinned Go modules."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

MODULES = Path(__file__).resolve().parent / "peers"
PROGRAMS = {
    "conftest": "github.com/open-policy-agent/conftest",
    "kubeconform": "github.com/yannh/kubeconform/cmd/kubeconform",
}
ADAPTER = """package main

deny contains {"msg": finding.message} if {
	some rule
	some finding in data.turnpike.rules[rule].deny
}
"""
"""What lets conftest, which looks for ``main.deny``, ask the very rules that the gate asks."""


def peer(name: str, cache: Path) -> Path:
    """Return a peer's program, kept by the digest of its go.sum; minutes the first time."""
    module = MODULES / name
    digest = hashlib.sha256((module / "go.sum").read_bytes()).hexdigest()[:16]
    program = cache / "peers" / digest / name
    if not program.exists():
        go = shutil.which("go") or "/usr/local/go/bin/go"
        program.parent.mkdir(parents=True, exist_ok=True)
        fresh = program.with_suffix(f".{os.getpid()}")
        print(f".. building {name} from its pinned module", flush=True)
        subprocess.run(
            [go, "build", "-trimpath", "-mod=readonly", "-o", fresh, PROGRAMS[name]],
            cwd=module,
            check=True,
            env={**os.environ, "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": ""},
        )
        fresh.replace(program)
    return program
