"""``turnpike doctor``: every part that Turnpike needs, and what to do about a missing one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from turnpike.cli.output import emit, json_option, table
from turnpike.errors import Unavailable

if TYPE_CHECKING:
    from turnpike.cli.wiring import House
    from turnpike.instance.inspect import Observation

PRODUCT = Path(__file__).resolve().parents[3]

_NEEDED = frozenset(("git", "python3.11", "environment core", "opa"))

Part = dict[str, str]


@click.command()
@click.option("--forge", "with_forge", is_flag=True, help="Ask the Git host how main is locked.")
@json_option
def command(with_forge: bool, as_json: bool) -> None:
    """Show all parts as a table: those of this machine and, within an instance, those of it.

    With --forge also whether the instance's Git host lets only the bot move main and the record.
    Its token comes from the environment, see `turnpike forge --help`. Exit code 1 if it does not.

    Exit code 3 when a part is missing without which nothing is judged, else 0. What is "missing"
    otherwise is set up when it is first needed; what is "unavailable" has another in its place.
    """
    lock = _lock() if with_forge else []
    parts = [*_machine(), *_instance(), *lock]
    rows = [(p["name"], p["state"], p["version"], _short(p["detail"]), p["fix"]) for p in parts]
    emit(as_json, parts, table(("part", "state", "version", "what for", "what to do"), rows))
    lacking = [p for p in parts if p["state"] != "ready" and p["name"] in _NEEDED]
    unwell = [p for p in parts if p["state"] == "missing" and "instance" in p]
    unlocked = any(p["state"] != "ready" for p in lock)
    sys.exit(3 if lacking or unwell else int(unlocked))


def _machine() -> list[Part]:
    """Ask the set-up, which knows what it installs and where."""
    asked = subprocess.run(
        [sys.executable, str(PRODUCT / "tools" / "setup"), "status", "--json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    try:
        parts: list[Part] = json.loads(asked.stdout)
    except ValueError as error:
        raise Unavailable(
            f"tools/setup status: expected a list of parts, got: {asked.stderr.strip()[:200]}",
            solution="Run it by hand: python3.11 tools/setup status",
        ) from error
    return parts


def _instance() -> list[Part]:
    from turnpike.cli.wiring import House
    from turnpike.errors import InputError
    from turnpike.instance.inspect import Observation
    from turnpike.instance.locate import INSTANCE_FILE, locate_folder, open_instance

    try:
        folder = locate_folder(Path.cwd(), os.environ)
    except InputError:
        return []
    try:
        house = House(open_instance(folder))
    except InputError as error:
        damaged = Observation(INSTANCE_FILE, "an instance", error.message, error.solution)
        return [_part(damaged, folder)]
    return _inspected(house)


def _inspected(house: House) -> list[Part]:
    from turnpike.instance.inspect import inspect_instance

    found = (*inspect_instance(house.instance), _registry(house))
    return [_part(one, house.instance.folder) for one in found]


def _part(one: Observation, folder: Path) -> Part:
    return {
        "name": one.name,
        "instance": "yes",
        "state": "ready" if one.is_good else "missing",
        "version": "",
        "path": str(folder),
        "detail": one.actual,
        "fix": "" if one.is_good else one.solution,
    }


def _registry(house: House) -> Observation:
    """Return whether the registry answers; the embedded one is made by the first registration."""
    from turnpike.errors import TurnpikeError
    from turnpike.instance.inspect import Observation

    at = house.instance.document.registry
    wanted = f"answers at {at.address}" if at else "embedded: MLflow on SQLite"
    try:
        if at:
            house.registry.find("turnpike.doctor", "1")
    except TurnpikeError as error:
        return Observation("registry", wanted, error.message, "Start it, or correct its address.")
    return Observation("registry", wanted, wanted)


def _lock() -> list[Part]:
    """Return each setting by which somebody else could move main, or that there is none."""
    from turnpike.cli.wiring import house_here

    house = house_here()
    at = house.address()
    found = [
        _locked("open", f"{one.branch}: {one.setting}: {one.actual}", "turnpike forge protect")
        for one in house.lock().problems()
    ]
    return found or [_locked("ready", f"only {at.bot} moves main of {at.repository}", "")]


def _locked(state: str, detail: str, fix: str) -> Part:
    return {"name": "lock of main", "state": state, "version": "", "detail": detail, "fix": fix}


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
