"""``turnpike keys``: the keys of the roles, on main and on this machine."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.output import emit, json_option, table
from turnpike.errors import InputError
from turnpike.instance.instance import ROLES
from turnpike.record.keys import FOLDER, keys_at

if TYPE_CHECKING:
    from turnpike.cli.wiring import House
    from turnpike.topology.key import Key, Role

_DAYS = 730


@click.group()
def command() -> None:
    """Show the roles' keys, make a new one, or revoke one: runbooks/KeyRotation.md.

    A public half stands in policies/keys on main, and is changed by a pull request like everything
    else. A private half lies in the instance's keys folder, where one process of its role reads it.
    """


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """Show each key on main: its role, its time, and whether it signs here now."""
    from turnpike.cli.wiring import house_here, now

    house, moment = house_here(), now()
    keys = sorted(keys_at(house.host, house.main), key=lambda key: (key.role, key.valid_from))
    states = {key.name: _state(key, keys, moment, house) for key in keys}
    rows = [
        (key.name, key.role, _day(key.valid_from), _day(key.valid_until), _day(key.revoked_at),
         states[key.name])
        for key in keys
    ]  # fmt: skip
    value: list[JsonValue] = [
        {
            "name": key.name,
            "id": key.id,
            "role": key.role,
            "validFrom": key.valid_from.isoformat(),
            "validUntil": key.valid_until.isoformat(),
            "revokedAt": key.revoked_at.isoformat() if key.revoked_at else None,
            "state": states[key.name],
        }
        for key in keys
    ]
    headings = ("name", "role", "from", "until", "revoked", "state")
    emit(as_json, value, table(headings, rows))


@command.command()
@click.argument("role", type=click.Choice(ROLES))
@click.option("--name", help="Its name; default: the role with the next number.")
@click.option("--days", type=click.IntRange(min=1), default=_DAYS, show_default=True,
              help="For how many days it is valid, from now on.")  # fmt: skip
@click.option(
    "--private-folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the private half goes; default: the instance's keys folder, from which it signs as"
    " soon as main knows it.",
)
@json_option
def new(
    role: Role, name: str | None, days: int, private_folder: Path | None, as_json: bool
) -> None:
    """Make a key of a role: the private half here, the public half in this clone.

    Nothing counts before the file in policies/keys is merged. The key before it goes on being
    valid for what it has signed, until its time is over.
    """
    from turnpike.cli.wiring import clone_here, house_here, now
    from turnpike.signing.keys import create_key, key_yaml, private_file_of

    house, moment = house_here(), now().replace(microsecond=0)
    known = {key.name for key in keys_at(house.host, house.main)}
    chosen = name or _next_name(role, known)
    file = clone_here(house) / FOLDER / f"{chosen}.yaml"
    if chosen in known or file.exists():
        raise InputError(
            f"--name: expected a name that no key has, got {chosen}",
            code="key.name-taken",
            solution="A key's file is never written over: choose another name.",
        )
    folder = (private_folder or house.instance.keys).absolute()
    key = create_key(role, chosen, folder, moment, moment + timedelta(days=days))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(key_yaml(key))
    private = private_file_of(folder, chosen)
    _tell(key, file, [f"private half: {private}"], as_json)


@command.command()
@click.argument("name")
@json_option
def revoke(name: str, as_json: bool) -> None:
    """Write into a key's file, in this clone, that nothing it signed counts from now on.

    Decisions that were made before stand: they are judged as of their time.
    """
    from turnpike.cli.wiring import clone_here, house_here, now
    from turnpike.signing.keys import key_yaml

    house = house_here()
    found = {key.name: key for key in keys_at(house.host, house.main)}
    if name not in found:
        raise InputError(
            f"expected one of the keys {', '.join(sorted(found))}, got {name}",
            code="key.unknown",
            solution="`turnpike keys list` shows those of main.",
        )
    if found[name].revoked_at is not None:
        raise InputError(
            f"{FOLDER}/{name}.yaml on main: expected no revokedAt, found {found[name].revoked_at}",
            code="key.revoked-already",
        )
    key = found[name].model_copy(update={"revoked_at": now().replace(microsecond=0)})
    file = clone_here(house) / FOLDER / f"{name}.yaml"
    file.write_bytes(key_yaml(key))
    _tell(key, file, [], as_json)


def _tell(key: Key, file: Path, more: list[str], as_json: bool) -> None:
    said = f"revoked at {key.revoked_at}" if key.revoked_at else f"until {key.valid_until}"
    lines = [
        f"{key.role} key {key.name}  {key.id}  {said}",
        *(f"  {line}" for line in more),
        f"  public half: {file}",
        f"next: git add {FOLDER}, git commit, then turnpike pr open",
    ]
    value = {"name": key.name, "id": key.id, "role": key.role, "path": f"{FOLDER}/{file.name}"}
    emit(as_json, value, lines)


def _next_name(role: str, known: set[str]) -> str:
    number = 2
    while f"{role}-{number}" in known:
        number += 1
    return f"{role}-{number}"


def _state(key: Key, keys: list[Key], moment: datetime, house: House) -> str:
    """Say in a word what a key does here: only the newest whose private half is here signs."""
    from turnpike.signing.keys import held_key

    if key.revoked_at is not None and key.revoked_at <= moment:
        return "revoked"
    if not key.is_valid_at(moment):
        return "expired" if moment >= key.valid_until else "not yet valid"
    signs = held_key(keys, key.role, moment, house.instance.keys)
    return "signs here" if signs == key else "valid"


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else ""
