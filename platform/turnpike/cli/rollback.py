"""``turnpike rollback``: open the change that returns to an earlier allowed release."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import click

from turnpike.cli.acting import as_option
from turnpike.cli.output import json_option
from turnpike.cli.wiring import house_here


@click.command()
@click.argument("model", metavar="TEAM/MODEL")
@click.option("--in", "environment", required=True, help="Environment to roll back in.")
@click.option("--target", "targets", multiple=True, help="Only this target; default: all.")
@click.option("--version", help="Version to return to; default: the one before.")
@as_option
@json_option
def command(
    model: str,
    environment: str,
    targets: tuple[str, ...],
    version: str | None,
    person: str | None,
    as_json: bool,
) -> None:
    """Open a pull request that returns to a release that stood there before, rendered afresh.

    Without --target every target goes back, or those alone that are ahead of the others, as in the
    middle of a rollout. A second rollback goes further back. What was rolled back from comes again
    where a person promotes it by its name; `turnpike promote --all` leaves it behind.
    """
    from turnpike.cli.releasing import model_key, open_plans
    from turnpike.judge.layout import DeploymentKey
    from turnpike.promotion.earlier import ever_released, ways_back
    from turnpike.promotion.plan import (
        ReleasePlan,
        environment_named,
        plan_rollback,
        targets_named,
    )
    from turnpike.promotion.standing import manifests_of, standing_of

    house = house_here()
    key = model_key(model)

    def plans() -> tuple[ReleasePlan, ...]:
        main = house.main
        standing = standing_of(house.host, main, (key,))
        chosen = targets_named(environment_named(standing, environment), targets)
        places = [DeploymentKey(environment, t.name, key.team, key.model) for t in chosen]
        released = [place for place in places if place.path("release.yaml") in standing.releases]
        # Where everything was retired, the places are those where something stood.
        stood = released or [p for p in places if ever_released(house.host, main, p)] or places
        earlier = ways_back(house.host, main, stood, version, named=bool(targets))
        manifests = manifests_of(house.host, earlier.values())
        plans = [plan_rollback(p, r, manifests, standing) for p, r in earlier.items()]
        where = [f"{place.target} to {one.version}" for place, one in earlier.items()]
        title = f"Roll back {key} in {environment}: {', '.join(where)}"
        return (replace(reduce(ReleasePlan.__or__, plans), title=title),)

    open_plans(house, person, plans, as_json)
