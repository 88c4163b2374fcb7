"""The command line of the set-up."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from turnpike_setup.cluster import (
    ensure_cluster,
    ensure_gitea,
    ensure_kubectl,
    ensure_oauth2_proxy,
    ensure_prometheus,
)
from turnpike_setup.environments import FAMILIES, ensure_environment
from turnpike_setup.errors import SetupError
from turnpike_setup.layout import Layout
from turnpike_setup.opa import ensure_opa
from turnpike_setup.pants import ensure_pants
from turnpike_setup.parts import Part, State, survey
from turnpike_setup.schemas import ensure_schemas

CANNOT_DECIDE = 3
INTERRUPTED = 130
ALL = (
    "opa",
    "core",
    "serving",
    "pants",
    "schemas",
)  # slowest first, two side by side
LANES = 2

SPECIAL: dict[str, Callable[[Layout], Path]] = {
    "opa": ensure_opa,
    "pants": ensure_pants,
    "schemas": ensure_schemas,
    "cluster": ensure_cluster,
    "gitea": ensure_gitea,
    "kubectl": ensure_kubectl,
    "oauth2-proxy": ensure_oauth2_proxy,
    "prometheus": ensure_prometheus,
}

HELP = """\
Builds what Turnpike needs, under $TURNPIKE_CACHE (else $XDG_CACHE_HOME/turnpike, else
~/.cache/turnpike), and prints its path. What is there already is left as it is."""


@dataclass(frozen=True, slots=True)
class Built:
    """A part that is there, where, and how long it took to make sure."""

    name: str
    path: str
    seconds: float


def main(arguments: Sequence[str]) -> int:
    """Build or report; return the exit code: 0 done, 2 bad usage, 3 a part can't be had."""
    asked = _parser().parse_args(arguments)
    layout = Layout.of(os.environ)
    try:
        if asked.part == "status":
            return _report(survey(layout), asked.json)
        return _build(layout, ALL if asked.part == "all" else (asked.part,), asked.json)
    except SetupError as error:
        return _fail(error, asked.json)
    except KeyboardInterrupt:
        sys.stderr.write("set-up: interrupted; running it again goes on\n")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tools/setup", description=HELP)
    choices = [*FAMILIES, *SPECIAL, "all", "status"]
    parser.add_argument("part", nargs="?", default="all", choices=choices, metavar="PART",
                        help=f"one of {', '.join(choices)}; default: all")  # fmt: skip
    parser.add_argument("--json", action="store_true", help="print JSON to stdout")
    return parser


def _build(layout: Layout, names: Sequence[str], as_json: bool) -> int:
    with ThreadPoolExecutor(max_workers=LANES) as pool:
        built = list(pool.map(lambda name: _timed(layout, name), names))
    if as_json:
        print(json.dumps([asdict(part) for part in built], indent=2))
    else:
        print("\n".join(part.path for part in built))
    return 0


def _timed(layout: Layout, name: str) -> Built:
    started = time.monotonic()
    path = _builder(name)(layout)
    return Built(name, os.fspath(path), round(time.monotonic() - started, 3))


def _builder(name: str) -> Callable[[Layout], Path]:
    return SPECIAL.get(name) or (lambda layout: ensure_environment(layout, name))


def _report(parts: Sequence[Part], as_json: bool) -> int:
    if as_json:
        print(json.dumps([asdict(part) for part in parts], indent=2))
        return 0
    width = max(len(part.name) for part in parts)
    for part in parts:
        note = part.detail if part.state is State.READY else f"{part.detail}; try: {part.fix}"
        print(f"{part.name:<{width}}  {part.state:<11}  {part.version:<16}  {note}")
    return 0


def _fail(error: SetupError, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": error.message, "fix": error.fix}, indent=2))
    sys.stderr.write(f"set-up: {error.message}\n  try: {error.fix}\n")
    return CANNOT_DECIDE
