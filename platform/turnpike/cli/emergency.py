"""``turnpike emergency``: break the glass, see what is owed for it, and pay."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import click
from pydantic import JsonValue

from turnpike.cli.acting import as_option
from turnpike.cli.output import emit, json_option, table
from turnpike.cli.wiring import house_here, now
from turnpike.documents.identifiers import digest_of
from turnpike.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection

    from turnpike.cli.wiring import House
    from turnpike.manifest.release import Emergency


@click.group()
def command() -> None:
    """Release in an emergency, see what is owed afterwards, and settle it.

    An emergency stands in place of the environment's approvals, of its windows, freezes and soak:
    one named incident commander approves it instead. It never skips a digest, a signature or
    isolation, and a stop of the line stands. It leaves a debt: a review by two others, by the hour
    that organisation.yaml sets; unpaid by then, the team's ordinary changes are denied.
    """


@command.command()
@click.argument("model", metavar="TEAM/MODEL")
@click.option("--to", "environment", required=True, help="Environment to promote to.")
@click.option("--target", "targets", multiple=True, help="Only this target; default: all.")
@click.option("--reason", required=True, help="Why it cannot wait.")
@click.option("--incident", required=True, help="The incident's id, such as INC-9.")
@click.option("--commander", required=True, help="The incident commander who will approve it.")
@click.option(
    "--hours", type=click.IntRange(1, 168), default=4, show_default=True, help="When it ends."
)
@as_option
@json_option
def promote(
    model: str,
    environment: str,
    targets: tuple[str, ...],
    reason: str,
    incident: str,
    commander: str,
    hours: int,
    person: str | None,
    as_json: bool,
) -> None:
    """Open a pull request that promotes a model in an emergency."""
    from turnpike.cli.described import described
    from turnpike.cli.releasing import model_key, open_plans
    from turnpike.manifest.release import Emergency
    from turnpike.promotion.plan import ReleasePlan, plan_promotion
    from turnpike.promotion.standing import manifests_of, standing_of

    house, key = house_here(), model_key(model)
    ends = now().replace(microsecond=0) + timedelta(hours=hours)
    why = {"reason": reason, "incident": incident, "commander": commander, "expires_at": ends}
    emergency = described(Emergency, why, "emergency promote")

    def plans() -> tuple[ReleasePlan, ...]:
        standing = standing_of(house.host, house.main, (key,))
        manifests = manifests_of(house.host, standing.releases.values())
        plan = plan_promotion(key, manifests, standing, environment, targets, emergency)
        _require_fit(house, emergency, key.team)
        return (plan,)

    open_plans(house, person, plans, as_json)


@command.command()
@json_option
def debts(as_json: bool) -> None:
    """List what emergencies left to be reviewed. Exit code 1 where something is overdue."""
    from turnpike.documents.canonical import to_json
    from turnpike.judge.emergencies import settling
    from turnpike.promotion.debts import accounts_of

    house, moment = house_here(), now()
    teams = [team.name for team in house.organisation.teams]
    accounts = accounts_of(house.host, house.record, house.main, teams)
    states = ["paid" if a.is_paid else "OVERDUE" if a.debt.due <= moment else "open"
              for a in accounts]  # fmt: skip
    rows = [
        (state, a.debt.due.strftime("%Y-%m-%d %H:%M %Z"), a.debt.incident, a.debt.deployment,
         a.debt.commander)
        for state, a in zip(states, accounts, strict=True)
    ]  # fmt: skip
    owing = dict.fromkeys((a.debt.team, a.debt.incident) for a in accounts if not a.is_paid)
    value: list[JsonValue] = [
        {"state": state.lower(), "debt": to_json(a.debt)}
        for state, a in zip(states, accounts, strict=True)
    ]
    titles = ("state", "due", "incident", "deployment", "commander")
    lines = table(titles, rows) if rows else ["Nothing is owed."]
    emit(as_json, value, [*lines, *(f"next: {settling(*one)}" for one in owing)])
    if "OVERDUE" in states:
        raise SystemExit(1)


@command.command()
@click.argument("incident")
@click.option("--team", required=True, help="The team that owes the review.")
@click.option("--review", required=True, help="What the review found, in a sentence or more.")
@as_option
@json_option
def settle(incident: str, team: str, review: str, person: str | None, as_json: bool) -> None:
    """Open the change that settles an incident.

    Two people who neither wrote nor commanded it approve it, and the groups that it passed over.
    """
    from turnpike.cli.described import described
    from turnpike.cli.releasing import open_plans
    from turnpike.promotion.debts import accounts_of, plan_settlement, settlements_on
    from turnpike.promotion.plan import ReleasePlan
    from turnpike.topology.settlement import Settlement

    house = house_here()
    taken = {one.name for one in settlements_on(house.host, house.main)}
    said = {
        "api_version": "turnpike.dev/v1",
        "kind": "Settlement",
        "name": _name_of(team, incident, taken),
        "team": team,
        "incident": incident,
        "review": review,
    }
    settlement = described(Settlement, said, "emergency settle")

    def plans() -> tuple[ReleasePlan, ...]:
        accounts = accounts_of(house.host, house.record, house.main, (team,))
        return (plan_settlement(settlement, accounts),)

    open_plans(house, person, plans, as_json)


def _require_fit(house: House, emergency: Emergency, team: str) -> None:
    """Raise InputError where the gate would refuse the emergency whoever approves it."""
    from turnpike.judge.emergencies import unfit_in
    from turnpike.promotion.debts import settlements_on

    settled = tuple(settlements_on(house.host, house.main))
    for one in unfit_in(emergency, team, house.organisation, settled, now()):
        field = f"{one.field}: " if one.field else ""
        raise InputError(
            f"{field}expected {one.expected}, got {one.actual}",
            code=one.code,
            solution="turnpike emergency promote --help; docs/exceptions.md says what it needs.",
        )


def _name_of(team: str, incident: str, taken: Collection[str]) -> str:
    """Return a name for the file of an incident that no other incident's has."""
    plain = re.sub(r"[^a-z0-9]+", "-", f"{team}-{incident}".lower()).strip("-")[:40].strip("-")
    if not plain[:1].isalpha():
        plain = f"debt-{plain}"[:40].strip("-")
    if plain not in taken:
        return plain
    mark = digest_of(f"{team} {incident}".encode()).removeprefix("sha256:")[:8]
    return f"{plain[:31].strip('-')}-{mark}"
