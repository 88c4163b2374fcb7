"""``turnpike registry``: where models are registered, what is there, and by which aliases."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.output import emit, json_option, table
from turnpike.explain.escape import for_terminal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from turnpike.cli.wiring import House
    from turnpike.promotion.aliases import AliasChange, Serving
    from turnpike.registry.mlflow_groups import MlflowGroups, PlacedPattern
    from turnpike.rendering.mlflow_patterns import Pattern


@click.group()
def command() -> None:
    """Connect an instance to its MLflow server, look through it, keep aliases and permissions.

    Without a server models are registered in the instance's own folder, by MLflow on SQLite. A
    server that asks who is there gets the token in TURNPIKE_MLFLOW_TOKEN, or in the file that
    TURNPIKE_MLFLOW_TOKEN_FILE names; it is never printed or written down.
    """


@command.command()
@click.argument("address", metavar="URL")
@json_option
def connect(address: str, as_json: bool) -> None:
    """Register models at an MLflow server from now on, such as https://mlflow.example.

    The server must answer, and must have every version that a manifest on main names, with the
    same digest: else nothing changes. Running it again changes nothing.
    """
    from turnpike.cli.described import described
    from turnpike.cli.wiring import house_here
    from turnpike.errors import InputError
    from turnpike.instance.connect import save, with_registry
    from turnpike.promotion.inventory import models_on
    from turnpike.registry.interface import digests_in
    from turnpike.registry.mlflow_rest import MlflowRestReader
    from turnpike.topology.instance import RegistryAddress

    house = house_here()
    at = described(RegistryAddress, {"address": address}, "registry connect")
    there = digests_in(MlflowRestReader(house.registry_server(address)))
    lacking = [
        f"{key.manifest_path}: {named.registry_model} version {named.version} with {named.digest}"
        for key, model in sorted(models_on(house.host, house.main).items())
        if (named := model.artifact)
        and there.get((named.registry_model, named.version)) != named.digest
    ]
    if lacking:
        raise InputError(
            f"{address}: expected every version that main names, found none of these:\n"
            + "\n".join(lacking),
            code="registry.lacks-versions",
            solution="Bring them to the server with their versions, tags and artifacts, then run"
            " the same command again.",
        )
    save(with_registry(house.instance, at))
    lines = [f"Connected to {for_terminal(address)}: {len(there)} registered versions there"]
    emit(as_json, {"registry": address, "versions": len(there)}, lines)


@command.command()
@click.argument("model", required=False, metavar="[TEAM/MODEL]")
@json_option
def show(model: str | None, as_json: bool) -> None:
    """Show every registered version, of one model or of all: its digest and its aliases."""
    from turnpike.cli.releasing import model_key
    from turnpike.cli.wiring import house_here

    house = house_here()
    key = model_key(model) if model else None
    wanted = f"{key.team}.{key.model}" if key else None
    aliases = house.registry.aliases()
    found = [
        (one, sorted(a for a, named in aliases.get(one.name, {}).items() if named == one.version))
        for one in house.registry.every_version()
        if wanted in (None, one.name)
    ]
    value = [
        {"registryModel": one.name, "version": one.version, "digest": one.digest, "aliases": names}
        for one, names in found
    ]
    rows = [(one.name, one.version, one.digest[:19], ", ".join(names)) for one, names in found]
    emit(as_json, value, table(("registered model", "version", "digest", "aliases"), rows))


@command.command()
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 where something would.")
@json_option
def sync(check: bool, as_json: bool) -> None:
    """Let each environment's name be the alias of the version that it serves, as main says.

    `models:/TEAM.MODEL@production` is then what production serves. Where a model was retired, or
    an environment serves several versions at the moment, the alias goes. Nothing is decided by an
    alias, and those that are no environment's name are left alone. A version that the registry has
    with another digest than was released gets no alias: exit code 1.
    """
    from turnpike.cli.wiring import house_here
    from turnpike.promotion.aliases import alias_changes, serving_of
    from turnpike.promotion.standing import deployments_of, standing_of_all
    from turnpike.registry.interface import digests_in

    house = house_here()
    standing = standing_of_all(house.host, house.main)
    serving = tuple(serving_of(deployments_of(house.host, standing, lambda _: True)))
    registered = digests_in(house.registry)
    sound = [one for one in serving if registered.get((one.name, one.version)) == one.digest]
    strange = [one for one in serving if one not in sound]
    changes = alias_changes(sound, house.registry.aliases(), standing.environments)
    if changes and not check:
        _carry_out(house, changes)
    emit(as_json, _told(changes, strange, check), _lines(changes, strange, check))
    sys.exit(1 if strange or (check and changes) else 0)


@command.command()
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 where something would.")
@json_option
def permissions(check: bool, as_json: bool) -> None:
    """Let groups do at the server what main's organisation.yaml says, and nothing else.

    The server is one whose people sign in by `mlflow-oidc-auth`; the token is an administrator's.
    What the server gives otherwise to groups by patterns, of registered models and experiments, is
    taken away. Who is in a group there in which main does not have them is forgotten, until they
    sign in anew.
    """
    from turnpike.cli.wiring import house_here
    from turnpike.registry.mlflow import EXPERIMENT
    from turnpike.registry.mlflow_groups import MlflowGroups
    from turnpike.rendering.mlflow_access import permissions_of, strangers_in
    from turnpike.rendering.mlflow_patterns import patterns_of

    house = house_here()
    wanted = patterns_of(permissions_of(house.organisation), EXPERIMENT)
    server = MlflowGroups(house.registry_server())
    given = server.given()
    surplus = [one for one in given if one.pattern not in wanted]
    lacking = sorted(wanted - {one.pattern for one in given})
    strangers = sorted(strangers_in(house.organisation, server.members()))
    if not check:
        _put_right(server, strangers, surplus, lacking)
    rows = [("take", one.pattern) for one in surplus] + [("give", one) for one in lacking]
    value: JsonValue = {
        "changed": not check,
        "changes": [
            {"change": change, "group": one.group, "resource": one.resource,
             "pattern": one.regex, "permission": one.permission}
            for change, one in rows
        ],
        "forgotten": list[JsonValue](strangers),
    }  # fmt: skip
    shown = [(change, p.group, p.resource, p.regex, p.permission) for change, p in rows]
    lines = table(("change", "group", "of", "names", "permission"), shown) if shown else []
    lines += [f"forget {for_terminal(one)}: main has them in fewer groups" for one in strangers]
    lines += ["next: turnpike registry permissions"] if check and lines else []
    emit(as_json, value, lines or ["The permissions are those of main."])
    sys.exit(1 if check and lines else 0)


def _put_right(
    server: MlflowGroups,
    strangers: Iterable[str],
    surplus: Iterable[PlacedPattern],
    lacking: Iterable[Pattern],
) -> None:
    """Forget and take away first: nobody has more than they should in between."""
    for account in strangers:
        server.forget(account)
    for one in surplus:
        server.take(one)
    for pattern in lacking:
        server.give(pattern)


def _carry_out(house: House, changes: tuple[AliasChange, ...]) -> None:
    registry = house.registry_to_write()
    for one in changes:
        if one.after is None:
            registry.remove_alias(one.name, one.alias)
        else:
            registry.set_alias(one.name, one.alias, one.after)


def _told(
    changes: tuple[AliasChange, ...], strange: list[Serving], check: bool
) -> dict[str, JsonValue]:
    return {
        "changed": not check,
        "changes": [
            {
                "registryModel": one.name,
                "alias": one.alias,
                "before": one.before,
                "after": one.after,
            }
            for one in changes
        ],
        "notRegistered": [
            {
                "registryModel": one.name,
                "alias": one.environment,
                "version": one.version,
                "digest": one.digest,
            }
            for one in strange
        ],
    }


def _lines(changes: tuple[AliasChange, ...], strange: list[Serving], check: bool) -> list[str]:
    rows = [(one.name, one.alias, one.before or "none", one.after or "none") for one in changes]
    lines = table(("registered model", "alias", "version before", "after"), rows) if rows else []
    lines += [
        f"NOT REGISTERED  {for_terminal(one.name)} version {for_terminal(one.version)}: expected"
        f" {one.digest}, which {one.environment} serves; the registry has none with it"
        for one in strange
    ]
    lines += ["next: turnpike registry sync"] if check and changes else []
    return lines or ["The aliases are those of main."]
