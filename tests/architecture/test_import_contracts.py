"""The contracts of pyproject.toml speak of every room there is."""

import re
import tomllib
from pathlib import Path

import turnpike

ROOMS = Path(turnpike.__file__).parent
PURE = {
    "judge", "approvals", "rendering", "scoring", "explain", "schedule",
    "evidence", "topology", "manifest",
}  # fmt: skip


def contract(name: str) -> dict[str, list[str]]:
    settings = tomllib.loads((ROOMS.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    found: dict[str, list[str]] = next(one for one in contracts if one["id"] == name)
    return found


def rooms() -> set[str]:
    return {file.parent.name for file in ROOMS.glob("*/__init__.py")}


def test_every_room_has_its_place_in_the_layers() -> None:
    named = set(re.findall(r"\w+", " ".join(contract("rooms")["layers"])))
    assert rooms() <= named, f"add to the layers: {rooms() - named}"


def test_every_pure_room_is_kept_from_the_outside() -> None:
    kept = {module.removeprefix("turnpike.") for module in contract("pure")["source_modules"]}
    assert rooms() & PURE <= kept, f"add to source_modules: {rooms() & PURE - kept}"
