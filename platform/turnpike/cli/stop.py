"""``turnpike stop``: stop the line, see what stops it, and let it go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.acting import as_option
from turnpike.cli.output import emit, json_option, table
from turnpike.cli.wiring import house_here
from turnpike.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from turnpike.cli.wiring import House
    from turnpike.promotion.plan import ReleasePlan
    from turnpike.topology.stop import Stop


@click.group()
def command() -> None:
    """Stop every promotion at once, or those of some teams, models, clouds or environments.

    A stop is a file below environments/stops. While it stands on main nothing that it speaks of is
    promoted, past every window and every approval; rollbacks and retirements go on. One person on
    call puts it there; to take it away takes two others of them.
    """


@command.command("set")
@click.argument("name")
@click.option("--reason", required=True, help="Why, for everybody who has to wait.")
@click.option("--incident", required=True, help="The incident's id, such as INC-7.")
@click.option("--environment", "environments", multiple=True, help="Only into this environment.")
@click.option("--cloud", "clouds", multiple=True, help="Only into targets of this cloud.")
@click.option("--team", "teams", multiple=True, help="Only this team's models.")
@click.option("--model", "models", multiple=True, metavar="TEAM/MODEL", help="Only this model.")
@click.option(
    "--recalls", metavar="KIND=NAME", help="What is bad, as `turnpike recall` names it: data=SOURCE"
)
@as_option
@json_option
def set_(
    name: str,
    reason: str,
    incident: str,
    environments: tuple[str, ...],
    clouds: tuple[str, ...],
    teams: tuple[str, ...],
    models: tuple[str, ...],
    recalls: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Open the change that stops the line; with no scope it stops everything.

    With --recalls (data, base-model, signer or package), what that reached may go out of service
    without waiting for its consumers. Whoever is on call needs nobody's approval for a new stop:
    `turnpike pr merge` merges it at once.
    """
    from turnpike.cli.described import described
    from turnpike.judge.stops import scopes_of
    from turnpike.promotion.standing import environments_on
    from turnpike.promotion.stopping import neighbours_on, plan_stop, stops_on
    from turnpike.topology.stop import Stop

    said = {
        "apiVersion": "turnpike.dev/v1",
        "kind": "Stop",
        "name": name,
        "reason": reason,
        "incident": incident,
        "environments": environments,
        "clouds": clouds,
        "teams": teams,
        "models": models,
        "recalls": _recalled(recalls),
    }
    stop = described(Stop, said, "stop set", _option)
    _require_findable(stop)

    def plan(house: House) -> ReleasePlan:
        scopes = scopes_of(house.organisation, environments_on(house.host, house.main))
        neighbours = neighbours_on(house.host, house.main, stop)
        return plan_stop(stop, stops_on(house.host, house.main), scopes, neighbours)

    _open(person, as_json, plan)


@command.command()
@click.argument("name")
@as_option
@json_option
def lift(name: str, person: str | None, as_json: bool) -> None:
    """Open the change that lets the line go on; two people on call approve it."""
    from turnpike.promotion.stopping import plan_lift, stops_on

    _open(person, as_json, lambda house: plan_lift(name, stops_on(house.host, house.main)))


@command.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List what stops the line now."""
    from turnpike.documents.canonical import to_json
    from turnpike.promotion.stopping import stops_on

    house = house_here()
    stops = stops_on(house.host, house.main).values()
    value: list[JsonValue] = [to_json(one) for one in stops]
    rows = [(one.name, one.incident, _scope(one), one.reason) for one in stops]
    lines = table(("stop", "incident", "stops", "reason"), rows) if rows else ["The line runs."]
    emit(as_json, value, lines)


def _open(person: str | None, as_json: bool, plan: Callable[[House], ReleasePlan]) -> None:
    from turnpike.cli.releasing import open_plans

    house = house_here()
    open_plans(house, person, lambda: (plan(house),), as_json)


def _recalled(text: str | None) -> dict[str, str] | None:
    kind, _, name = (text or "").partition("=")
    return {"kind": kind, "name": name} if text is not None else None


def _require_findable(stop: Stop) -> None:
    """Raise UsageError for what nothing is called, so that no release would ever be reached."""
    from turnpike.judge.suspect import Suspect, wanted_of

    recalled = stop.recalls
    wanted = wanted_of(Suspect(recalled.kind, recalled.name)) if recalled else None
    if recalled and wanted:
        raise UsageError(
            f"--recalls: {recalled.kind}: expected {wanted}, got {recalled.name}",
            solution="turnpike stop set --help",
        )


def _option(field: str) -> str:
    """Return what people call a field of a stop: its argument, or an option that is said often."""
    if field == "name":
        return "NAME"
    return f"--{field}" if field == "recalls" else f"--{field.removesuffix('s')}"


def _scope(stop: Stop) -> str:
    """Say what all must hold of what it stops."""
    named = (stop.models, stop.teams, stop.clouds, stop.environments)
    return " in ".join(" or ".join(one) for one in named if one) or "everything"
